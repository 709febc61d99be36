// The own account: how one signs in, where a recovery goes, the second factor, the sessions, and the emergency brake.
import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { accountRead } from '~/portal/account'
import { DataState } from '~/ui/DataState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { Email } from './Email'
import { Factor } from './Factor'
import { LanguageChoice } from './LanguageChoice'
import { LoginForm } from './LoginForm'
import { Lost } from './Lost'
import { Passkeys } from './Passkeys'
import { PasswordForm } from './PasswordForm'
import { Schools } from './Schools'
import { Sessions } from './Sessions'

export function AccountPage() {
  const t = useT()
  const account = useQuery(accountRead())
  return (
    <>
      <PageHead title={t('account.title')} lead={t('account.lead')} />
      <DataState query={account}>
        {(own) => (
          <Stack gap="xl" maw="46rem">
            <LoginForm account={own} />
            <PasswordForm account={own} />
            <Email account={own} />
            <LanguageChoice account={own} />
            <Factor account={own} />
            <Passkeys account={own} />
            <Schools />
            <Sessions account={own} />
            <Lost account={own} />
          </Stack>
        )}
      </DataState>
    </>
  )
}
