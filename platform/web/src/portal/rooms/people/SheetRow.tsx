// One batch of sheets: how far it is, asked again while it is made; ready, it can be fetched once.
import { Button, Progress, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { formatMoment, formatTime } from '~/lib/dates'
import { savePaper } from '~/lib/paper'
import { api, client, type PortalAnswer } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import styles from './people.module.css'

type Sheet = PortalAnswer<'sheet_read'>

const POLL = 1_000
const sheetRead = (id: string) => api.queryOptions('get', '/sheets/{id}', { params: { path: { id } } })
const isMaking = ({ state }: Sheet) => state === 'queued' || state === 'running'

export function SheetRow({ listed }: { listed: Sheet }) {
  const t = useT()
  const making = isMaking(listed)
  const read = useQuery({
    ...sheetRead(listed.id),
    enabled: making,
    refetchInterval: ({ state }) => {
      if (!state.data || isMaking(state.data)) return POLL
      // It is made: the list and the board know it too.
      void forget('/sheets', '/credentials/board')
      return false
    },
  })
  const sheet = making ? (read.data ?? listed) : listed
  const name = sheet.class_name ?? t('people.credentials.sheet-many')
  const title = `${name}, ${formatMoment(sheet.created_at)}`
  const fetched = useMutation({ mutationFn: () => fetchPaper(sheet.id), onSettled: () => forget('/sheets', '/credentials/board') })
  return (
    <li>
      <div className={styles.what}>
        <Text fw={600}>{title}</Text>
        <Text size="sm" role="status">
          {t(`people.credentials.state.${sheet.state}`)}
          {isMaking(sheet) && ` · ${t('people.credentials.progress', { done: sheet.done, total: sheet.total })}`}
        </Text>
        {isMaking(sheet) && <Progress value={sheet.total > 0 ? (100 * sheet.done) / sheet.total : 0} aria-label={title} mt={4} />}
        {sheet.state === 'ready' && sheet.expires_at && (
          <Text size="sm" c="dimmed">
            {t('people.credentials.fetch-help', { until: formatTime(sheet.expires_at) })}
          </Text>
        )}
        {fetched.error && <FailureNote error={fetched.error} />}
      </div>
      {sheet.state === 'ready' && (
        <Button loading={fetched.isPending} onClick={() => fetched.mutate()} aria-label={`${t('people.credentials.fetch')}: ${title}`}>
          {t('people.credentials.fetch')}
        </Button>
      )}
    </li>
  )
}

async function fetchPaper(id: string) {
  const { data, response } = await client.POST('/sheets/{id}/file', { params: { path: { id } }, body: {}, parseAs: 'blob' })
  if (data) savePaper(data, response, `kundelik-${id}.pdf`)
}
