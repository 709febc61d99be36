// One batch of sheets: how far it is, asked again while it is made; ready, it can be fetched once.
import { Button, Progress, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { formatMoment, formatTime } from '~/lib/dates'
import { may } from '~/lib/may'
import { savePaper } from '~/lib/paper'
import { client } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import styles from './credentials.module.css'
import { forgetAll, sheetRead, type Sheet } from './queries'

const POLL = 1_000
const isMaking = ({ state }: Sheet) => state === 'queued' || state === 'running'

export function SheetRow({ listed }: { listed: Sheet }) {
  const t = useT()
  const me = useMe()
  const making = isMaking(listed)
  const read = useQuery({
    ...sheetRead(listed.id),
    enabled: making,
    refetchInterval: ({ state }) => {
      if (!state.data || isMaking(state.data)) return POLL
      // It is made: the list and the board know it too. Not the sheet itself: it would be asked for again and again.
      void forget('/sheets', '/credentials/board', '/credentials/waiting')
      return false
    },
  })
  const sheet = making ? (read.data ?? listed) : listed
  const many = sheet.grade === undefined ? t('credentials.sheet-many') : t('credentials.sheet-grade', { grade: sheet.grade })
  const place = sheet.class_name ?? many
  const name = sheet.medium === 'letter' ? t('credentials.sheet-letters', { name: place }) : place
  const title = `${name}, ${formatMoment(sheet.created_at)}`
  const fetched = useMutation({ mutationFn: () => fetchPaper(sheet.id), onSettled: forgetAll })
  const handing = useMutation({ mutationFn: () => handOverSheet(sheet.id), onSuccess: forgetAll })
  const printed = sheet.medium === 'paper' && ['ready', 'fetched', 'expired'].includes(sheet.state)
  return (
    <li>
      <div className={styles.what}>
        <Text fw={600}>{title}</Text>
        <Text size="sm" role="status">
          {t(`credentials.state.${sheet.state}`)}
          {isMaking(sheet) && ` · ${t('credentials.progress', { done: sheet.done, total: sheet.total })}`}
        </Text>
        {isMaking(sheet) && <Progress value={sheet.total > 0 ? (100 * sheet.done) / sheet.total : 0} aria-label={title} mt={4} />}
        {sheet.state === 'ready' && sheet.expires_at && (
          <Text size="sm" c="dimmed">
            {t('credentials.fetch-help', { until: formatTime(sheet.expires_at) })}
          </Text>
        )}
        <div role="status">{handing.data !== undefined && <Text size="sm">✓ {t('credentials.handed', { count: handing.data })}</Text>}</div>
        {fetched.error && <FailureNote error={fetched.error} />}
        {handing.error && <FailureNote error={handing.error} />}
      </div>
      {sheet.state === 'ready' && (
        <Button loading={fetched.isPending} onClick={() => fetched.mutate()} aria-label={`${t('credentials.fetch')}: ${title}`}>
          {t('credentials.fetch')}
        </Button>
      )}
      {printed && may(me, 'credential.hand-over') && (
        <Button
          variant="default"
          loading={handing.isPending}
          onClick={() => handing.mutate()}
          aria-label={`${t('credentials.sheet-hand-over')}: ${title}`}
        >
          {t('credentials.sheet-hand-over')}
        </Button>
      )}
    </li>
  )
}

/** Everybody of the sheet whose card is still the valid one got it. */
async function handOverSheet(id: string): Promise<number> {
  const { data } = await client.POST('/sheets/{id}/hand-over', { params: { path: { id } }, body: {} })
  return data?.handed_over ?? 0
}

async function fetchPaper(id: string) {
  const { data, response } = await client.POST('/sheets/{id}/file', { params: { path: { id } }, body: {}, parseAs: 'blob' })
  if (data) savePaper(data, response, `kundelik-${id}.pdf`)
}
