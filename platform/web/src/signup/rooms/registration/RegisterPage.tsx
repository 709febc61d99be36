// Registration by an initial login: own login and password, the user agreement, and in; or the account that one has already.
import { Button, Checkbox, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { named, useLanguage } from '~/lib/useLanguage'
import { leaveFor } from '~/lib/leave'
import { AccountFields } from '~/signup/AccountFields'
import { bodyOf, checkAccount, labelsOf, noAccount, registrationRead, type Registration } from '~/signup/account'
import { client } from '~/signup/api'
import { NewcomerState } from '~/signup/NewcomerState'
import { paths, school } from '~/signup/paths'
import { Terms } from '~/signup/Terms'
import { FieldGroup, Whole } from '~/ui/FieldGroup'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { AttachForm } from './AttachForm'
import { ResetForm } from './ResetForm'

export function RegisterPage() {
  const registration = useQuery(registrationRead())
  return <NewcomerState query={registration}>{(read) => (read.kind === 'reset' ? <ResetForm registration={read} /> : <Register registration={read} />)}</NewcomerState>
}

/** Two ways in: an account is made, or the school comes to the one that is there. */
function Register({ registration }: { registration: Registration }) {
  const t = useT()
  const { language } = useLanguage()
  const [has, setHas] = useState(false)
  const schoolName = named({ name_kk: registration.school_name_kk ?? '', name_ru: registration.school_name_ru ?? '' }, 'name', language)
  return (
    <Stack maw="46rem" gap={0}>
      <PageHead
        title={t(has ? 'signup-attach.title' : 'signup-account.title')}
        lead={
          <>
            {registration.full_name && <Text fw={600}>{registration.full_name}</Text>}
            <Text>{[schoolName, registration.roles.map((role) => t(`common.role.${role}`)).join(', ')].filter(Boolean).join(' · ')}</Text>
          </>
        }
      />
      {!has && registration.kind === 'initial' && (
        <Stack gap={6} align="flex-start" mb="xl">
          <Text>
            <b>{t('signup-attach.question')}</b> {t('signup-attach.question-help')}
          </Text>
          <Button variant="default" onClick={() => setHas(true)}>
            {t('signup-attach.have')}
          </Button>
        </Stack>
      )}
      {has && <AttachForm onNew={() => setHas(false)} />}
      {/* What was typed stays where somebody looks at the other way and comes back. */}
      <div hidden={has}>
        <RegisterForm registration={registration} />
      </div>
    </Stack>
  )
}

const FAMILY = ['student', 'guardian']

function RegisterForm({ registration }: { registration: Registration }) {
  const t = useT()
  const { language } = useLanguage()
  const [chosen, setChosen] = useState(false)
  const withCode = registration.second_factor_required || chosen
  const mayChoose = !registration.second_factor_required && registration.roles.some((role) => !FAMILY.includes(role))
  const form = useForm({
    initial: { ...noAccount, login: registration.proposed_login },
    labels: labelsOf(t),
    check: (values) => ({
      ...checkAccount(values, registration, withCode, t),
      ...(!values.accepted && { accepted: t('signup-account.accept-needed') }),
    }),
  })

  const send = async (values: typeof form.values) => {
    const { data } = await client.POST('/registration', { body: bodyOf(values, registration, withCode, language) })
    if (data) leaveFor(data.next === 'portal' && data.slug ? school(data.slug) : data.next === 'activate' ? paths.activate : paths.home)
  }

  return (
    <Form form={form} onSend={send} action={t('signup-account.register')} label={t('signup-account.title')}>
      <FieldGroup title={t('signup-account.group-account')}>
        <Whole>
          <AccountFields form={form} registration={registration} withCode={withCode} onWithCode={mayChoose ? setChosen : undefined} />
        </Whole>
      </FieldGroup>
      <FieldGroup title={t('signup.terms')}>
        <Whole>
          <Terms boxed />
        </Whole>
        <Whole>
          <Checkbox {...form.tick('accepted')} required />
        </Whole>
      </FieldGroup>
    </Form>
  )
}
