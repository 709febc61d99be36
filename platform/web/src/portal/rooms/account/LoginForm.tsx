// Another login: unique in the whole system, so it may be taken.
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { isLogin } from '~/lib/checks'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { accountChanged, type Account } from '~/portal/account'
import { client } from '~/portal/api'
import { useT } from '~/ui/text'
import { Section } from './Section'

export function LoginForm({ account }: { account: Account }) {
  const t = useT()
  const [saved, setSaved] = useState(false)
  const form = useForm({
    initial: { login: account.login },
    labels: { login: t('common.login') },
    check: ({ login }) => ({ login: isLogin(login.trim()) ? undefined : t('account.login-wrong') }),
  })
  const send = async ({ login }: typeof form.values) => {
    await client.PUT('/account/login', { body: { login: login.trim() } })
    setSaved(true)
    await accountChanged()
  }
  return (
    <Section title={t('account.login-title')} said={saved && t('account.login-saved')}>
      <Form form={form} onSend={send} action={t('account.login-save')} label={t('account.login-title')} disabled={!form.dirty}>
        <TextInput
          {...form.field('login')}
          description={t('account.login-help')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
        />
      </Form>
    </Section>
  )
}
