// The queue: who waits, for how long, and who has asked before.
import { Badge, Group, NativeSelect, Table, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ConsoleAnswer } from '~/console/api'
import { paths } from '~/console/paths'
import rows from '~/console/Rows.module.css'
import { StateBadge } from '~/console/StateBadge'
import { APPLICATION_STATES, applicationState, waitsForDecision } from '~/console/states'
import { formatMoment } from '~/lib/dates'
import { fold } from '~/lib/names'
import { formatCount } from '~/lib/numbers'
import { named, useLanguage } from '~/lib/useLanguage'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { applicationList } from './queries'

type Row = ConsoleAnswer<'application_list'>[number]

/** An answer was promised within three days. */
const PROMISED_HOURS = 72

function found(row: Row, text: string): boolean {
  return fold([row.number, row.name_kk, row.name_ru, row.bin, row.city].join(' ')).includes(fold(text.trim()))
}

export function ApplicationsPage() {
  const t = useT()
  const { state, find = '' } = useSearch({ from: paths.applications })
  const navigate = useNavigate({ from: paths.applications })
  const applications = useQuery(applicationList(state))
  return (
    <>
      <PageHead title={t('console.nav.applications')} />
      <Group mb="md" align="flex-end">
        <NativeSelect
          label={t('console.state-label')}
          value={state ?? ''}
          onChange={(event) => void navigate({ search: { state: applicationState(event.currentTarget.value), find: find || undefined }, replace: true })}
          data={[{ value: '', label: t('ui.all') }, ...APPLICATION_STATES.map((value) => ({ value, label: t(`console.state.${value}`) }))]}
        />
        <TextInput
          type="search"
          label={t('ui.search')}
          placeholder={t('console-applications.find')}
          value={find}
          onChange={(event) => void navigate({ search: { state, find: event.currentTarget.value || undefined }, replace: true })}
          style={{ flex: '1 1 14rem' }}
          maw="26rem"
        />
      </Group>
      <DataState query={applications} isEmpty={(all) => all.length === 0} empty={<EmptyState title={t('console-applications.none')} help={t('console-applications.none-help')} />}>
        {(all) => <Queue applications={find ? all.filter((row) => found(row, find)) : all} />}
      </DataState>
    </>
  )
}

function Queue({ applications }: { applications: Row[] }) {
  const t = useT()
  const { language } = useLanguage()
  return (
    <>
      <Text role="status" c="dimmed" size="sm" mb="xs">
        {t('console-applications.count', { count: applications.length })}
      </Text>
      <Table className={rows.table} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('console.school')}</Table.Th>
            <Table.Th scope="col">{t('console.number')}</Table.Th>
            <Table.Th scope="col">{t('console.state-label')}</Table.Th>
            <Table.Th scope="col">{t('console-applications.age')}</Table.Th>
            <Table.Th scope="col">{t('console-applications.city')}</Table.Th>
            <Table.Th scope="col">{t('console-applications.pupils')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {applications.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>
                <div>
                  <Link to={paths.application} params={{ id: row.id }} className={rows.name}>
                    {named(row, 'name', language)}
                  </Link>
                  <Text size="sm" c="dimmed">
                    {t('console.bin')} {row.bin}
                  </Text>
                  {row.duplicates > 0 && (
                    <Badge color="yellow" c="var(--mantine-color-text)" variant="outline" tt="none">
                      {t('console-applications.duplicates', { count: row.duplicates })}
                    </Badge>
                  )}
                </div>
              </Table.Td>
              <Table.Td data-label={t('console.number')}>{row.number}</Table.Td>
              <Table.Td data-label={t('console.state-label')}>
                <StateBadge state={row.state} />
              </Table.Td>
              <Table.Td data-label={t('console-applications.age')}>
                <div>
                  {t('console.age', { days: Math.floor(row.age_hours / 24), hours: row.age_hours % 24 })}
                  <Text size="sm" c="dimmed">
                    {formatMoment(row.received_at)}
                  </Text>
                  {waitsForDecision(row.state) && row.age_hours > PROMISED_HOURS && (
                    <Text size="sm" c="var(--mantine-color-error)">
                      {t('console-applications.overdue')}
                    </Text>
                  )}
                </div>
              </Table.Td>
              <Table.Td data-label={t('console-applications.city')}>{row.city}</Table.Td>
              <Table.Td data-label={t('console-applications.pupils')}>{formatCount(row.pupils, language)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  )
}
