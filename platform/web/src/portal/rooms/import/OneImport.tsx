// One import: how far it is and what can be done next, what its sheets say, and its rows with what each is going to do.
import { Anchor, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { formatMoment } from '~/lib/dates'
import { useTopics } from '~/portal/live'
import { paths } from '~/portal/paths'
import { DataState } from '~/ui/DataState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { forgetImports, importRead, isAtWork, type Import } from './queries'
import { Rows } from './Rows'
import { Sheets } from './Sheets'
import { Standing } from './Standing'

const POLL = 1_000

export function OneImport({ id }: { id: string }) {
  const t = useT()
  const read = useQuery({ ...importRead(id), refetchInterval: ({ state }) => state.data !== undefined && isAtWork(state.data) && POLL })
  useTopics(['imports'], (subject) => {
    if (subject === undefined || subject === id) void forgetImports(true)
  })
  return (
    <>
      <PageHead focus title={read.data?.file_name ?? t('import.one')} lead={read.data && <Lead one={read.data} />} />
      <DataState query={read}>
        {(one) => (
          <Stack gap="xl">
            <Standing one={one} />
            {one.state === 'checked' && <Sheets one={one} />}
            {one.state !== 'dropped' && !isAtWork(one) && <Rows one={one} />}
          </Stack>
        )}
      </DataState>
    </>
  )
}

function Lead({ one }: { one: Import }) {
  const t = useT()
  return (
    <>
      <Text>{t('import.brought', { name: one.requested_by, at: formatMoment(one.created_at) })}</Text>
      <Text>
        {t(`import.source.${one.source}`)}
        {one.legal_basis && `. ${t('import.legal-basis')}: ${one.legal_basis}`}
      </Text>
      <Anchor inherit renderRoot={(props) => <Link {...props} to={paths.import} />}>
        {t('import.all')}
      </Anchor>
    </>
  )
}
