// The second factor of a new account: a QR code for the code app, the same secret in letters, and the first code to prove it.
import { Anchor, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Form } from '~/lib/form'
import { DataState } from '~/ui/DataState'
import { useT } from '~/ui/text'
import type { Account } from './account'
import classes from './AccountFields.module.css'
import { client, type SignupAnswer } from './api'

/** Begun once per page: another beginning would make another secret. */
const secondFactorBegin = {
  queryKey: ['post', '/registration/second-factor'],
  queryFn: async (): Promise<SignupAnswer<'second_factor_begin'> | null> =>
    (await client.POST('/registration/second-factor')).data ?? null,
  staleTime: Infinity,
  gcTime: Infinity,
  refetchOnWindowFocus: false,
}

export function SecondFactor({ form, required }: { form: Form<Account>; required: boolean }) {
  const t = useT()
  const factor = useQuery(secondFactorBegin)
  return (
    <Stack gap="sm">
      <div>
        <Text fw={600}>{t('signup-account.factor')}</Text>
        <Text size="sm" c="dimmed">
          {t(required ? 'signup-account.factor-required' : 'signup-account.factor-chosen')}
        </Text>
      </div>
      <DataState query={factor}>
        {(begun) =>
          begun && (
            <div className={classes.factor}>
              <img src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(begun.qr_svg)}`} alt={t('signup-account.factor-qr')} />
              <ol>
                <li>{t('signup-account.factor-app')}</li>
                <li>
                  {t('signup-account.factor-scan')} <Anchor href={begun.otpauth_url} underline="always">{t('signup-account.factor-open')}</Anchor>
                  <br />
                  <Text span size="sm">
                    {t('signup-account.factor-type')} <code className={classes.secret}>{begun.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
                  </Text>
                </li>
                <li>{t('signup-account.factor-enter')}</li>
              </ol>
            </div>
          )
        }
      </DataState>
      <TextInput {...form.field('code')} maw="14rem" autoComplete="one-time-code" inputMode="numeric" maxLength={7} required />
    </Stack>
  )
}
