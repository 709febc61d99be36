// The address for recovery: typed, then confirmed by the code of a letter.
import { Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { accountChanged, type Account } from '~/portal/account'
import { client } from '~/portal/api'
import { useT } from '~/ui/text'
import { Section } from './Section'

export function Email({ account }: { account: Account }) {
  const t = useT()
  const [done, setDone] = useState<{ sentTo: string } | 'saved'>()
  const said = done && (done === 'saved' ? t('account.email-saved') : t('account.email-sent', { email: done.sentTo }))
  return (
    <Section title={t('account.email-title')} help={t('account.email-help')} said={said}>
      <Text>{account.email ? t('account.email-is', { email: account.email }) : t('account.email-none')}</Text>
      <Stack>
        <AddressForm onSent={(email) => setDone({ sentTo: email })} />
        {account.email_waits && <CodeForm onDone={() => setDone('saved')} />}
      </Stack>
    </Section>
  )
}

function AddressForm({ onSent }: { onSent: (email: string) => void }) {
  const t = useT()
  const form = useForm({
    initial: { email: '' },
    labels: { email: t('account.email-new') },
    check: ({ email }) => ({ email: email.trim() ? undefined : t('common.required') }),
  })
  const send = async ({ email }: typeof form.values) => {
    await client.POST('/account/email', { body: { email: email.trim() } })
    onSent(email.trim())
    await accountChanged()
  }
  return (
    <Form form={form} onSend={send} action={t('account.email-send')} label={t('account.email-title')}>
      <TextInput {...form.field('email')} type="email" autoComplete="email" maxLength={254} />
    </Form>
  )
}

function CodeForm({ onDone }: { onDone: () => void }) {
  const t = useT()
  const form = useForm({
    initial: { code: '' },
    labels: { code: t('account.email-code') },
    check: ({ code }) => ({ code: /^\d{8}$/.test(code.trim()) ? undefined : t('account.email-code-wrong') }),
  })
  const send = async ({ code }: typeof form.values) => {
    await client.POST('/account/email/confirmation', { body: { code: code.trim() } })
    onDone()
    await accountChanged()
  }
  return (
    <Form form={form} onSend={send} action={t('account.email-confirm')} label={t('account.email-confirm')}>
      <TextInput {...form.field('code')} maw="14rem" inputMode="numeric" autoComplete="one-time-code" maxLength={8} />
    </Form>
  )
}
