// The fields of signing in: one set for activation, initial and own logins alike. A code or a passkey is asked for when it is needed.
import { Alert, Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { isProblem } from '~/api/problem'
import { Form } from '~/lib/Form'
import { useForm, type Form as FormOf } from '~/lib/form'
import { leaveFor } from '~/lib/leave'
import { isClosed, passkeysKnown } from '~/lib/passkeys'
import { queryClient } from '~/signup/api'
import { loginOf, paths, safeNext, school } from '~/signup/paths'
import { sessionRead } from '~/signup/session'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'
import { pass, passPasskey, type Entered } from './pass'

const NEEDED = 'accounts.second-factor-needed'
const WRONG = 'accounts.second-factor-wrong'
const PASSKEY = 'accounts.passkey-needed'
const OF_CODE = [NEEDED, WRONG, PASSKEY]

export function SignInForm() {
  const t = useT()
  const search = useSearch()
  const [, go] = useLocation()
  const [askCode, setAskCode] = useState(false)
  const [hasPasskey, setHasPasskey] = useState(false)
  const code = useRef<HTMLInputElement>(null)
  const form = useForm({
    initial: { login: loginOf(location.hash), password: '', code: '' },
    labels: { login: t('common.login'), password: t('common.password'), code: t('common.code') },
    check: (values) => ({
      login: values.login.trim() ? undefined : t('common.required'),
      password: values.password ? undefined : t('common.required'),
      // Where there is a passkey the code may stay empty: the server says then that one of them is needed.
      code: askCode && !hasPasskey && !values.code.trim() ? t('common.required') : undefined,
    }),
  })
  useEffect(() => {
    if (askCode) code.current?.focus()
  }, [askCode])

  const enter = async (data: Entered | undefined) => {
    if (!data) return
    if (data.next === 'register') return go(paths.register)
    if (data.next === 'activate') return go(paths.activate)
    const [only, ...others] = data.schools
    const next = safeNext(`?${search}`, data.schools.map(({ slug }) => slug))
    if (next) return leaveFor(next)
    if (only && others.length === 0) return leaveFor(school(only.slug))
    await queryClient.invalidateQueries({ queryKey: sessionRead().queryKey })
  }

  const withPasskey = async (values: typeof form.values) => enter(await passPasskey(values, t))

  const send = async (values: typeof form.values) => {
    const code = askCode ? values.code.replace(/\s/g, '') : ''
    try {
      await enter(await pass(values, code ? { code } : {}))
    } catch (error) {
      // The password was right: this is a question, not a refusal.
      if (askCode || !(isProblem(error, NEEDED) || isProblem(error, PASSKEY))) throw error
      setAskCode(true)
      if (!isProblem(error, PASSKEY) || !passkeysKnown()) return
      setHasPasskey(true)
      await withPasskey(values).catch((closed: unknown) => {
        // It is asked without a click here, so closing it is no failure: the code and the button are there.
        if (!isClosed(closed)) throw closed
      })
    }
  }

  const failure = form.failure
  const codeWrong = failure && OF_CODE.includes(failure.code) ? failure.title : undefined
  return (
    <Stack>
      {new URLSearchParams(search).has('next') && <Alert variant="light">{t('signup.session.ended')}</Alert>}
      <Form form={form} onSend={send} action={t('common.sign-in')} label={t('common.sign-in')} guarded={false}>
        <LoginFields form={form} />
        {askCode && (
          <TextInput
            {...form.field('code')}
            ref={code}
            error={form.errors.code ?? Boolean(codeWrong)}
            description={t('common.code-help')}
            autoComplete="one-time-code"
            required={!hasPasskey}
            withAsterisk={false}
          />
        )}
        {hasPasskey && (
          <Button variant="default" onClick={() => void form.submit(withPasskey)}>
            {t('common.passkey-use')}
          </Button>
        )}
      </Form>
      <Forgotten />
    </Stack>
  )
}

/** The first step: login and password. */
function LoginFields({ form }: { form: FormOf<{ login: string; password: string; code: string }> }) {
  const t = useT()
  return (
    <>
      <TextInput
        {...form.field('login')}
        description={t('signup.session.login-help')}
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        required
        withAsterisk={false}
      />
      <Secret {...form.field('password')} autoComplete="current-password" required withAsterisk={false} />
    </>
  )
}

/** Two ways back in: a letter, or the school. */
function Forgotten() {
  const t = useT()
  return (
    <Text size="sm" c="dimmed">
      <Anchor component={Link} href={paths.recover} inherit underline="always">
        {t('signup.session.forgot')}
      </Anchor>{' '}
      {t('signup.session.lost')}
    </Text>
  )
}
