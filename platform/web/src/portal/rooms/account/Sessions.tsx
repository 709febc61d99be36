// Where one is signed in: each session with an end, and an end for all others.
import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { formatMoment } from '~/lib/dates'
import { accountChanged, type Account } from '~/portal/account'
import { api } from '~/portal/api'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import styles from './account.module.css'
import { Section } from './Section'

export function Sessions({ account }: { account: Account }) {
  const t = useT()
  const [ended, setEnded] = useState<number>()
  const onSuccess = async ({ ended: count }: { ended: number }) => {
    setEnded(count)
    await accountChanged()
  }
  const end = api.useMutation('post', '/account/sessions/end', { onSuccess })
  const others = api.useMutation('post', '/account/sessions/end-others', { onSuccess })
  const error = end.error ?? others.error
  return (
    <Section title={t('account.sessions-title')} help={t('account.sessions-help')} said={ended !== undefined && t('account.sessions-ended', { count: ended })}>
      {error && <FailureNote error={error} />}
      <ul className={styles.sessions}>
        {account.sessions.map((session) => (
          <li key={session.id}>
            <span>{t('account.sessions-row', { since: formatMoment(session.created_at), seen: formatMoment(session.seen_at) })}</span>
            {session.this ? (
              <Text span fw={600}>
                {t('account.sessions-this')}
              </Text>
            ) : (
              <Button
                variant="default"
                size="compact-sm"
                aria-label={t('account.sessions-end-of', { date: formatMoment(session.created_at) })}
                onClick={() => end.mutate({ body: { id: session.id } })}
              >
                {t('account.sessions-end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {account.sessions.length > 1 && (
        <div>
          <Button variant="default" loading={others.isPending} onClick={() => others.mutate({})}>
            {t('account.sessions-end-others')}
          </Button>
        </div>
      )}
    </Section>
  )
}
