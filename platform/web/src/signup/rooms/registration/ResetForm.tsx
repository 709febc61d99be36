// A new password by a card of the school: login and second factor stay as they are.
import { Stack, Text } from '@mantine/core'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { leaveFor } from '~/lib/leave'
import { strengthOf } from '~/lib/strength'
import { useLanguage } from '~/lib/useLanguage'
import { guesses, type Registration } from '~/signup/account'
import { client } from '~/signup/api'
import { paths, school } from '~/signup/paths'
import { PageHead } from '~/ui/PageHead'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'

export function ResetForm({ registration }: { registration: Registration }) {
  const t = useT()
  const { language } = useLanguage()
  const least = registration.min_password
  const form = useForm({
    initial: { password: '' },
    labels: { password: t('signup-account.password') },
    check: ({ password }) => ({
      password: {
        empty: t('common.required'),
        short: t('signup-account.password-short', { count: least }),
        weak: t('signup-account.password-weak'),
        fair: undefined,
        good: undefined,
      }[strengthOf(password, least, guesses(registration, registration.proposed_login))],
    }),
  })
  const send = async ({ password }: typeof form.values) => {
    const body = { login: registration.proposed_login, password, terms_version: registration.terms_version, language }
    const { data } = await client.POST('/registration', { body })
    if (data) leaveFor(data.next === 'portal' && data.slug ? school(data.slug) : paths.home)
  }
  return (
    <Stack maw="34rem" gap={0}>
      <PageHead
        title={t('signup-recover.title')}
        lead={
          <>
            <Text fw={600}>{registration.full_name}</Text>
            <Text>{t('signup-recover.login-is', { login: registration.proposed_login })}</Text>
          </>
        }
      />
      <Form form={form} onSend={send} action={t('signup-recover.finish')} label={t('signup-recover.finish')} guarded={false}>
        <Secret {...form.field('password')} description={t('signup-account.password-help', { count: least })} autoComplete="new-password" />
      </Form>
    </Stack>
  )
}
