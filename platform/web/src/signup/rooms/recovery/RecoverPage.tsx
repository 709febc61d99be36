// A forgotten password: a letter is asked for by the login; its link leads back here with a token in the fragment,
// which no server sees, and a new password is chosen.
import { Alert, Anchor, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { strengthOf } from '~/lib/strength'
import { client } from '~/signup/api'
import { paths, tokenOf } from '~/signup/paths'
import { PageHead } from '~/ui/PageHead'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'

/** The least that is asked of anybody; whether more is asked, the server says. */
const LEAST = 8

export function RecoverPage() {
  const t = useT()
  const token = tokenOf(location.hash)
  return (
    <Stack maw="34rem" gap="md">
      <PageHead title={t('signup-recover.title')} />
      {token ? <PasswordForm token={token} /> : <AskForm />}
      <Anchor component={Link} href={paths.home}>
        {t('signup-recover.back')}
      </Anchor>
    </Stack>
  )
}

function AskForm() {
  const t = useT()
  const [asked, setAsked] = useState(false)
  const form = useForm({
    initial: { login: '' },
    labels: { login: t('common.login') },
    check: ({ login }) => ({ login: login.trim() ? undefined : t('common.required') }),
  })
  const send = async ({ login }: typeof form.values) => {
    await client.POST('/recovery', { body: { login: login.trim() } })
    setAsked(true)
  }
  return (
    <>
      <div role="status">{asked && <Alert variant="light">{t('signup-recover.asked')}</Alert>}</div>
      <Text>{t('signup-recover.lead')}</Text>
      <Form form={form} onSend={send} action={t('signup-recover.ask')} label={t('signup-recover.title')} guarded={false}>
        <TextInput {...form.field('login')} autoComplete="username" autoCapitalize="none" spellCheck={false} />
      </Form>
      <Text c="dimmed">{t('signup-recover.no-email')}</Text>
    </>
  )
}

function PasswordForm({ token }: { token: string }) {
  const t = useT()
  const [done, setDone] = useState(false)
  const form = useForm({
    initial: { password: '' },
    labels: { password: t('signup-recover.password') },
    check: ({ password }) => ({
      password: {
        empty: t('common.required'),
        short: t('signup-recover.password-short', { count: LEAST }),
        weak: t('signup-recover.password-weak'),
        fair: undefined,
        good: undefined,
      }[strengthOf(password, LEAST)],
    }),
  })
  const send = async ({ password }: typeof form.values) => {
    await client.POST('/recovery/password', { body: { token, password } })
    // The token is used: it need not stay in the address.
    history.replaceState(null, '', paths.recover)
    setDone(true)
  }
  if (done) return <Alert variant="light">{t('signup-recover.done')}</Alert>
  return (
    <Form form={form} onSend={send} action={t('signup-recover.finish')} label={t('signup-recover.finish')} guarded={false}>
      <Text>{t('signup-recover.choose')}</Text>
      <Secret {...form.field('password')} description={t('signup-recover.password-help')} autoComplete="new-password" />
    </Form>
  )
}
