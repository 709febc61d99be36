// The fields of a new account: login as proposed, password with its strength in words, second factor by QR.
import { Button, Stack, Text, TextInput } from '@mantine/core'
import type { Form } from '~/lib/form'
import { strengthOf } from '~/lib/strength'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'
import { guesses, shortest, type Account, type Registration } from './account'
import classes from './AccountFields.module.css'
import { SecondFactor } from './SecondFactor'

interface Props {
  form: Form<Account>
  registration: Registration
  withCode: boolean
  /** Given where the second factor may be chosen. */
  onWithCode?: (chosen: boolean) => void
}

export function AccountFields({ form, registration, withCode, onWithCode }: Props) {
  const t = useT()
  const { login, password } = form.values
  const least = shortest(registration, withCode)
  const strength = strengthOf(password, least, guesses(registration, login))
  return (
    <Stack>
      <TextInput
        {...form.field('login')}
        description={t('signup-account.login-help')}
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        maxLength={64}
        required
      />
      <div>
        <Secret {...form.field('password')} description={t('signup-account.password-help', { count: least })} autoComplete="new-password" required />
        <div className={classes.strength} data-strength={strength}>
          <span className={classes.bar} aria-hidden />
          <span role="status">
            {strength === 'short'
              ? t('signup-account.strength.short-count', { have: Array.from(password).length, need: least })
              : t(`signup-account.strength.${strength}`)}
          </span>
        </div>
      </div>
      {withCode && <SecondFactor form={form} required={registration.second_factor_required} />}
      {onWithCode && (
        <div>
          <Text size="sm" c="dimmed" mb={6}>
            {t(withCode ? 'signup-account.factor-off-help' : 'signup-account.factor-on-help')}
          </Text>
          <Button variant="default" onClick={() => onWithCode(!withCode)}>
            {t(withCode ? 'signup-account.factor-off' : 'signup-account.factor-on')}
          </Button>
        </div>
      )}
    </Stack>
  )
}
