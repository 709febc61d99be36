// The fields of signing in: one set for activation, initial and own logins alike. The code is asked for when it is needed.
import { Alert, Anchor, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { isProblem } from '~/api/problem'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { leaveFor } from '~/lib/leave'
import { client, queryClient } from '~/signup/api'
import { loginOf, paths, safeNext, school } from '~/signup/paths'
import { sessionRead } from '~/signup/session'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'

const NEEDED = 'accounts.second-factor-needed'
const WRONG = 'accounts.second-factor-wrong'

export function SignInForm() {
  const t = useT()
  const search = useSearch()
  const [, go] = useLocation()
  const [askCode, setAskCode] = useState(false)
  const code = useRef<HTMLInputElement>(null)
  const form = useForm({
    initial: { login: loginOf(location.hash), password: '', code: '' },
    labels: { login: t('common.login'), password: t('common.password'), code: t('common.code') },
    check: (values) => ({
      login: values.login.trim() ? undefined : t('common.required'),
      password: values.password ? undefined : t('common.required'),
      code: askCode && !values.code.trim() ? t('common.required') : undefined,
    }),
  })
  useEffect(() => {
    if (askCode) code.current?.focus()
  }, [askCode])

  const send = async (values: typeof form.values) => {
    try {
      const { data } = await client.POST('/session', {
        body: {
          login: values.login.trim(),
          password: values.password,
          ...(askCode && { code: values.code.replace(/\s/g, '') }),
        },
      })
      if (!data) return
      if (data.next === 'register') return go(paths.register)
      if (data.next === 'activate') return go(paths.activate)
      const [only, ...others] = data.schools
      const next = safeNext(`?${search}`, data.schools.map(({ slug }) => slug))
      if (next) return leaveFor(next)
      if (only && others.length === 0) return leaveFor(school(only.slug))
      await queryClient.invalidateQueries({ queryKey: sessionRead().queryKey })
    } catch (error) {
      // The password was right: this is a question, not a refusal.
      if (!askCode && isProblem(error, NEEDED)) return setAskCode(true)
      throw error
    }
  }

  const failure = form.failure
  const codeWrong = failure && (failure.code === WRONG || failure.code === NEEDED) ? failure.title : undefined
  return (
    <Stack>
      {new URLSearchParams(search).has('next') && <Alert variant="light">{t('signup.session.ended')}</Alert>}
      <Form form={form} onSend={send} action={t('common.sign-in')} label={t('common.sign-in')} guarded={false}>
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
        {askCode && (
          <TextInput
            {...form.field('code')}
            ref={code}
            error={form.errors.code ?? Boolean(codeWrong)}
            description={t('common.code-help')}
            autoComplete="one-time-code"
            required
            withAsterisk={false}
          />
        )}
      </Form>
      <Forgotten />
    </Stack>
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
