// Somebody who has an account already: its login and password are shown, and the school of the paper comes to it.
import { Button, Stack, Text, TextInput } from '@mantine/core'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { leaveFor } from '~/lib/leave'
import { client } from '~/signup/api'
import { paths, school } from '~/signup/paths'
import { SecondStep } from '~/signup/SecondStep'
import { useAsked, useSteps, type Second, type Typed } from '~/signup/steps'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'

/** What is put right inside the account first; the paper stays good meanwhile. */
const FIRST = ['accounts.attach-factor-first', 'accounts.attach-password-first']

export function AttachForm({ onNew }: { onNew: () => void }) {
  const t = useT()
  const asked = useAsked()
  const form = useForm({
    initial: { login: '', password: '', code: '' },
    labels: { login: t('signup-attach.login'), password: t('signup-attach.password'), code: t('common.code') },
    check: (values) => ({
      login: values.login.trim() ? undefined : t('common.required'),
      password: values.password ? undefined : t('common.required'),
      code: asked.code && !asked.passkey && !values.code.trim() ? t('common.required') : undefined,
    }),
  })
  const pass = async ({ login, password }: Typed, second: Second) => {
    const { data } = await client.POST('/registration/attachment', { body: { login: login.trim(), password, ...second } })
    if (data) leaveFor(data.slug ? school(data.slug) : paths.home)
  }
  const steps = useSteps(form, asked, pass)
  return (
    <Stack maw="34rem">
      <Text>{t('signup-attach.lead')}</Text>
      <Form
        form={form}
        onSend={steps.send}
        action={t('signup-attach.action')}
        label={t('signup-attach.title')}
        guarded={false}
        aside={
          <Button variant="default" onClick={onNew}>
            {t('signup-attach.new')}
          </Button>
        }
      >
        <TextInput {...form.field('login')} autoComplete="username" autoCapitalize="none" autoCorrect="off" spellCheck={false} required />
        <Secret {...form.field('password')} autoComplete="current-password" required />
        <SecondStep form={form} asked={asked} steps={steps} />
        {form.failure && FIRST.includes(form.failure.code) && (
          <Button component="a" href={paths.home} variant="default">
            {t('signup-attach.first')}
          </Button>
        )}
      </Form>
    </Stack>
  )
}
