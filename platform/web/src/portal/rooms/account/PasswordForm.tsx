// A new password; all other sessions end with the old one.
import { Text } from '@mantine/core'
import { useState } from 'react'
import { formatMoment } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { strengthOf } from '~/lib/strength'
import { accountChanged, type Account } from '~/portal/account'
import { client } from '~/portal/api'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'
import { Section } from './Section'

export function PasswordForm({ account }: { account: Account }) {
  const t = useT()
  const [saved, setSaved] = useState(false)
  const least = account.min_password
  const form = useForm({
    initial: { old: '', new: '' },
    labels: { old: t('account.password-old'), new: t('account.password-new') },
    check: (values) => {
      const strength = strengthOf(values.new, least, [account.login])
      return {
        old: values.old ? undefined : t('common.required'),
        new: { empty: t('common.required'), short: t('account.password-short', { count: least }), weak: t('account.password-weak'), fair: undefined, good: undefined }[strength],
      }
    },
  })
  const send = async (body: typeof form.values) => {
    await client.PUT('/account/password', { body })
    form.fill({ old: '', new: '' })
    setSaved(true)
    await accountChanged()
  }
  return (
    <Section title={t('account.password-title')} said={saved && t('account.password-saved')}>
      <Form form={form} onSend={send} action={t('account.password-save')} label={t('account.password-title')} guarded={false}>
        <Text size="sm">{t('account.password-since', { date: formatMoment(account.password_set_at) })}</Text>
        <Secret {...form.field('old')} autoComplete="current-password" />
        <Secret {...form.field('new')} description={t('account.password-help', { count: least })} autoComplete="new-password" />
      </Form>
    </Section>
  )
}
