// The fields of signing in: one set for activation, initial and own logins alike. A code or a passkey is asked for when it is needed.
import { Alert, Anchor, Stack, Text, TextInput } from '@mantine/core'
import { Link, useLocation, useSearch } from 'wouter'
import { Form } from '~/lib/Form'
import { useForm, type Form as FormOf } from '~/lib/form'
import { leaveFor } from '~/lib/leave'
import { client, queryClient, type SignupAnswer } from '~/signup/api'
import { loginOf, paths, safeNext, school } from '~/signup/paths'
import { SecondStep } from '~/signup/SecondStep'
import { useAsked, useSteps, type Second, type Typed } from '~/signup/steps'
import { sessionRead } from '~/signup/session'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'

export function SignInForm() {
  const t = useT()
  const search = useSearch()
  const [, go] = useLocation()
  const asked = useAsked()
  const form = useForm({
    initial: { login: loginOf(location.hash), password: '', code: '' },
    labels: { login: t('common.login'), password: t('common.password'), code: t('common.code') },
    check: (values) => ({
      login: values.login.trim() ? undefined : t('common.required'),
      password: values.password ? undefined : t('common.required'),
      // Where there is a passkey the code may stay empty: the server says then that one of them is needed.
      code: asked.code && !asked.passkey && !values.code.trim() ? t('common.required') : undefined,
    }),
  })

  const enter = async (data: SignupAnswer<'sign_in'>) => {
    if (data.next === 'register') return go(paths.register)
    if (data.next === 'activate') return go(paths.activate)
    const [only, ...others] = data.schools
    const next = safeNext(`?${search}`, data.schools.map(({ slug }) => slug))
    if (next) return leaveFor(next)
    if (only && others.length === 0) return leaveFor(school(only.slug))
    await queryClient.invalidateQueries({ queryKey: sessionRead().queryKey })
  }

  const pass = async ({ login, password }: Typed, second: Second) => {
    const { data } = await client.POST('/session', { body: { login: login.trim(), password, ...second } })
    if (data) await enter(data)
  }

  const steps = useSteps(form, asked, pass)
  return (
    <Stack>
      {new URLSearchParams(search).has('next') && <Alert variant="light">{t('signup.session.ended')}</Alert>}
      <Form form={form} onSend={steps.send} action={t('common.sign-in')} label={t('common.sign-in')} guarded={false}>
        <LoginFields form={form} />
        <SecondStep form={form} asked={asked} steps={steps} />
      </Form>
      <Forgotten />
    </Stack>
  )
}

/** The first step: login and password. */
function LoginFields({ form }: { form: FormOf<Typed> }) {
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
