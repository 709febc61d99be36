// Signing in as an operator: login, password and the second factor, always all three.
import { Stack, TextInput } from '@mantine/core'
import { client, queryClient } from '~/console/api'
import { operatorRead } from '~/console/operator'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { PageHead } from '~/ui/PageHead'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'

export function SignInPage() {
  const t = useT()
  const form = useForm({
    initial: { login: '', password: '', code: '' },
    labels: { login: t('common.login'), password: t('common.password'), code: t('common.code') },
    check: (values) => ({
      login: values.login.trim() ? undefined : t('common.required'),
      password: values.password ? undefined : t('common.required'),
      code: values.code.trim() ? undefined : t('common.required'),
    }),
  })
  return (
    <Stack maw="26rem">
      <PageHead title={t('console.sign-in')} />
      <Form
        form={form}
        action={t('common.sign-in')}
        onSend={async ({ login, password, code }) => {
          const { data } = await client.POST('/session', { body: { login: login.trim(), password, code: code.replace(/\s/g, '') } })
          if (data) queryClient.setQueryData(operatorRead().queryKey, data)
        }}
      >
        <TextInput {...form.field('login')} autoComplete="username" autoCapitalize="none" spellCheck={false} required />
        <Secret {...form.field('password')} autoComplete="current-password" required />
        <TextInput {...form.field('code')} description={t('common.code-help')} autoComplete="one-time-code" inputMode="numeric" required />
      </Form>
    </Stack>
  )
}
