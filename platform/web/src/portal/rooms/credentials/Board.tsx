// How far each class and the staff are: without, made, printed, handed over, registered; and the one act, handing over.
import { Button, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { may } from '~/lib/may'
import { client, queryClient } from '~/portal/api'
import { peopleFound } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { WayOn } from '~/portal/WayOn'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import styles from './credentials.module.css'
import { board, forgetAll, type BoardRow } from './queries'

const PARTS = ['activated', 'handed_over', 'printed', 'mailed', 'issued'] as const
/** Said where there are some. */
const TROUBLES = ['mailed', 'dead', 'expired', 'revoked'] as const
const PAGE = 200

export function Board() {
  const t = useT()
  const rows = useQuery(board())
  return (
    <section aria-labelledby="board-title">
      <Title order={2} id="board-title" mb="xs">
        {t('credentials.board')}
      </Title>
      <DataState
        query={rows}
        isEmpty={(all) => all.length === 0}
        empty={
          <EmptyState
            title={t('credentials.empty')}
            help={t('credentials.empty-help')}
            action={
              <WayOn act="person.add" to={paths.people}>
                {t('portal.nav.people')}
              </WayOn>
            }
          />
        }
      >
        {(all) => (
          <ul className={styles.rows}>
            {all.map((row) => (
              <Row key={`${row.kind} ${row.class_id ?? ''}`} row={row} />
            ))}
          </ul>
        )}
      </DataState>
    </section>
  )
}

function Row({ row }: { row: BoardRow }) {
  const t = useT()
  const me = useMe()
  const handing = useMutation({ mutationFn: () => handOver(row), onSuccess: forgetAll })
  const title = titleOf(row, t)
  // Guardians of nobody in a class cannot be told apart from the others in the list.
  const known = row.kind !== 'guardian' || row.class_id !== undefined
  return (
    <li>
      <div className={styles.what}>
        <Text fw={600}>{title}</Text>
        <div className={styles.bar} aria-hidden>
          {PARTS.map((part) => (
            <span key={part} data-part={part} style={{ width: `${row.total > 0 ? (100 * row[part]) / row.total : 0}%` }} />
          ))}
        </div>
        <Text size="sm">
          {t('credentials.activated', { count: row.activated, total: row.total })} · {t('credentials.handed_over', { count: row.handed_over })} ·{' '}
          {t('credentials.printed', { count: row.printed })} · {t('credentials.issued', { count: row.issued })} ·{' '}
          {t('credentials.none', { count: row.none })}
          {TROUBLES.filter((part) => row[part] > 0).map((part) => ` · ${t(`credentials.${part}`, { count: row[part] })}`)}
        </Text>
        <div role="status">{handing.data !== undefined && <Text size="sm">✓ {t('credentials.handed', { count: handing.data })}</Text>}</div>
        {handing.error && <FailureNote error={handing.error} />}
      </div>
      {known && row.printed > 0 && may(me, 'credential.hand-over') && (
        <Button variant="default" loading={handing.isPending} onClick={() => handing.mutate()} aria-label={`${t('credentials.hand-over')}: ${title}`}>
          {t('credentials.hand-over')}
        </Button>
      )}
    </li>
  )
}

function titleOf(row: BoardRow, t: ReturnType<typeof useT>) {
  const kind = t(`people.kind.${row.kind}`)
  if (row.class_name) return `${row.class_name}: ${kind}`
  return row.kind === 'staff' ? kind : `${kind} (${t('credentials.no-class')})`
}

/** Everybody of the row whose card is printed got it. */
async function handOver(row: BoardRow): Promise<number> {
  const profile_ids: string[] = []
  for (let offset = 0; ; offset += PAGE) {
    const found = await queryClient.fetchQuery({
      ...peopleFound({ kind: row.kind, limit: PAGE, offset, ...(row.class_id && { class_id: row.class_id }) }),
      staleTime: 0,
    })
    for (const person of found.people) {
      const ofRow = row.kind !== 'student' || row.class_id !== undefined || person.class_id === undefined
      if (ofRow && person.credential === 'printed') profile_ids.push(person.id)
    }
    if (found.people.length < PAGE) break
  }
  if (profile_ids.length === 0) return 0
  const { data } = await client.POST('/credentials/hand-over', { body: { profile_ids } })
  return data?.handed_over ?? 0
}
