// The emergency brake: the password is lost or was seen. Everything ends at once, this session too.
import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { leaveFor } from '~/lib/leave'
import type { Account } from '~/portal/account'
import { api } from '~/portal/api'
import { outside } from '~/portal/paths'
import { ConfirmTyped } from '~/ui/ConfirmTyped'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import { Section } from './Section'

export function Lost({ account }: { account: Account }) {
  const t = useT()
  const [asked, setAsked] = useState(false)
  const lost = api.useMutation('post', '/account/lost', { onSuccess: () => leaveFor(outside.signIn()), onError: () => setAsked(false) })
  return (
    <Section title={t('account.lost-title')} help={t('account.lost-help')}>
      {lost.error && <FailureNote error={lost.error} />}
      <div>
        <Button variant="default" color="red" onClick={() => setAsked(true)}>
          {t('account.lost-action')}
        </Button>
      </div>
      <ConfirmTyped
        opened={asked}
        onClose={() => setAsked(false)}
        onConfirm={() => lost.mutate({ body: { login: account.login } })}
        title={t('account.lost-title')}
        name={account.login}
        action={t('account.lost-confirm')}
        busy={lost.isPending}
      >
        <Text>{t(account.email ? 'account.lost-way-email' : 'account.lost-way-school')}</Text>
      </ConfirmTyped>
    </Section>
  )
}
