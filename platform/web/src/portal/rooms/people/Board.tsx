// How far each class and the staff are: without, made, printed, handed over, registered; and the one act, handing over.
import { Button, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { may } from '~/lib/may'
import { api, client, queryClient, type PortalAnswer } from '~/portal/api'
import { forget, peopleFound } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import styles from './people.module.css'

type BoardRow = PortalAnswer<'credential_board'>[number]
const PARTS = ['activated', 'handed_over', 'printed', 'issued'] as const
const PAGE = 200

const board = () => api.queryOptions('get', '/credentials/board', {}, { staleTime: 0 })

export function Board() {
  const t = useT()
  const rows = useQuery(board())
  return (
    <section aria-labelledby="board-title">
      <Title order={2} id="board-title" mb="xs">
        {t('people.credentials.board')}
      </Title>
      <DataState
        query={rows}
        isEmpty={(all) => all.length === 0}
        empty={<EmptyState title={t('people.credentials.empty')} help={t('people.credentials.empty-help')} />}
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
  const handing = useMutation({ mutationFn: () => handOver(row), onSuccess: () => forget('/credentials/board', '/people/search') })
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
          {t('people.credentials.activated', { count: row.activated, total: row.total })} · {t('people.credentials.handed_over', { count: row.handed_over })} ·{' '}
          {t('people.credentials.printed', { count: row.printed })} · {t('people.credentials.issued', { count: row.issued })} ·{' '}
          {t('people.credentials.none', { count: row.none })}
        </Text>
        <div role="status">{handing.data !== undefined && <Text size="sm">✓ {t('people.credentials.handed', { count: handing.data })}</Text>}</div>
        {handing.error && <FailureNote error={handing.error} />}
      </div>
      {known && row.printed > 0 && may(me, 'credential.hand-over') && (
        <Button variant="default" loading={handing.isPending} onClick={() => handing.mutate()} aria-label={`${t('people.credentials.hand-over')}: ${title}`}>
          {t('people.credentials.hand-over')}
        </Button>
      )}
    </li>
  )
}

function titleOf(row: BoardRow, t: ReturnType<typeof useT>) {
  const kind = t(`people.kind.${row.kind}`)
  if (row.class_name) return `${row.class_name}: ${kind}`
  return row.kind === 'staff' ? kind : `${kind} (${t('people.credentials.no-class')})`
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
