// Schools of the registry, newest first.
import { Group, NativeSelect, Table, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ConsoleAnswer } from '~/console/api'
import { paths } from '~/console/paths'
import rows from '~/console/Rows.module.css'
import { StateBadge } from '~/console/StateBadge'
import { worded } from '~/console/states'
import { formatMoment } from '~/lib/dates'
import { fold } from '~/lib/names'
import { named, useLanguage } from '~/lib/useLanguage'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { schoolList } from './queries'

type Row = ConsoleAnswer<'school_list'>[number]

function found(row: Row, text: string): boolean {
  return fold([row.slug, row.name_kk, row.name_ru, row.bin].join(' ')).includes(fold(text.trim()))
}

export function SchoolsPage() {
  const t = useT()
  const { state, find = '' } = useSearch({ from: paths.schools })
  const navigate = useNavigate({ from: paths.schools })
  const schools = useQuery(schoolList())
  const states = [...new Set([...(schools.data ?? []).map((row) => row.state), ...(state ? [state] : [])])].sort()
  return (
    <>
      <PageHead title={t('console.nav.schools')} />
      <Group mb="md" align="flex-end">
        <NativeSelect
          label={t('console.state-label')}
          value={state ?? ''}
          onChange={(event) => void navigate({ search: { state: event.currentTarget.value || undefined, find: find || undefined }, replace: true })}
          data={[{ value: '', label: t('ui.all') }, ...states.map((value) => ({ value, label: worded(t(`console.state.${value}`), value) }))]}
        />
        <TextInput
          type="search"
          label={t('ui.search')}
          placeholder={t('console-schools.find')}
          value={find}
          onChange={(event) => void navigate({ search: { state, find: event.currentTarget.value || undefined }, replace: true })}
          style={{ flex: '1 1 14rem' }}
          maw="26rem"
        />
      </Group>
      <DataState query={schools} isEmpty={(all) => all.length === 0} empty={<EmptyState title={t('console-schools.none')} help={t('console-schools.none-help')} />}>
        {(all) => <Rows schools={all.filter((row) => (!state || row.state === state) && (!find || found(row, find)))} />}
      </DataState>
    </>
  )
}

function Rows({ schools }: { schools: Row[] }) {
  const t = useT()
  const { language } = useLanguage()
  return (
    <>
      <Text role="status" c="dimmed" size="sm" mb="xs">
        {t('console-schools.count', { count: schools.length })}
      </Text>
      <Table className={rows.table} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('console.school')}</Table.Th>
            <Table.Th scope="col">{t('console-schools.slug')}</Table.Th>
            <Table.Th scope="col">{t('console.state-label')}</Table.Th>
            <Table.Th scope="col">{t('console-schools.cell')}</Table.Th>
            <Table.Th scope="col">{t('console-schools.created')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {schools.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>
                <div>
                  <Link to={paths.school} params={{ id: row.id }} className={rows.name}>
                    {named(row, 'name', language)}
                  </Link>
                  <Text size="sm" c="dimmed">
                    {t('console.bin')} {row.bin}
                  </Text>
                </div>
              </Table.Td>
              <Table.Td data-label={t('console-schools.slug')}>{row.slug}</Table.Td>
              <Table.Td data-label={t('console.state-label')}>
                <StateBadge state={row.state} />
              </Table.Td>
              <Table.Td data-label={t('console-schools.cell')}>{row.cell}</Table.Td>
              <Table.Td data-label={t('console-schools.created')}>{formatMoment(row.created_at)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  )
}
