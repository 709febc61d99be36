// The first two steps: the administrator's own account, then the user agreement. Both are sent together.
import { Button, Checkbox, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { useLanguage } from '~/lib/useLanguage'
import { AccountFields } from '~/signup/AccountFields'
import { bodyOf, checkAccount, labelsOf, noAccount, registrationRead, type Account, type Registration } from '~/signup/account'
import { client, queryClient } from '~/signup/api'
import { NewcomerState } from '~/signup/NewcomerState'
import { Terms } from '~/signup/Terms'
import { useT } from '~/ui/text'
import { isFailure } from '~/ui/failure'
import { activationRead } from './queries'

interface Props {
  terms: boolean
  onTerms: (shown: boolean) => void
}

export function AccountStep(props: Props) {
  const registration = useQuery(registrationRead())
  return <NewcomerState query={registration}>{(read) => <Steps registration={read} {...props} />}</NewcomerState>
}

const ACCOUNT_FIELDS: string[] = ['login', 'password', 'code']

function Steps({ registration, terms, onTerms }: Props & { registration: Registration }) {
  const t = useT()
  const { language } = useLanguage()
  const withCode = registration.second_factor_required
  const form = useForm<Account>({
    initial: { ...noAccount, login: registration.proposed_login },
    labels: labelsOf(t),
    check: (values) => ({
      ...checkAccount(values, registration, withCode, t),
      ...(terms && !values.accepted && { accepted: t('signup-account.accept-needed') }),
    }),
  })

  const register = async (values: Account) => {
    try {
      await client.POST('/registration', { body: bodyOf(values, registration, withCode, language) })
    } catch (error) {
      // What is wrong with the account is mended where it was typed.
      if (isFailure(error) && error.fields.some(({ field }) => ACCOUNT_FIELDS.includes(field))) onTerms(false)
      throw error
    }
    await queryClient.invalidateQueries({ queryKey: activationRead().queryKey })
  }

  return (
    <Stack maw="46rem">
      <Form
        form={form}
        label={t(terms ? 'signup-activate.step.terms' : 'signup-activate.step.account')}
        action={t(terms ? 'signup-activate.accept' : 'signup-activate.to-terms')}
        onSend={async (values) => (terms ? register(values) : onTerms(true))}
        aside={
          terms && (
            <Button variant="subtle" onClick={() => onTerms(false)}>
              {t('ui.back')}
            </Button>
          )
        }
      >
        {!terms && <AccountFields form={form} registration={registration} withCode={withCode} />}
        {terms && (
          <>
            <Terms boxed />
            <Checkbox {...form.tick('accepted')} required />
          </>
        )}
      </Form>
    </Stack>
  )
}
