// Academic years with their periods and days off. Without one: what the country proposes, to be checked and saved.
import { Badge, Button, List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { formatDate } from '~/lib/dates'
import { may } from '~/lib/may'
import { named, useLanguage } from '~/lib/useLanguage'
import { api } from '~/portal/api'
import { calendarRead } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { gradesOf, type Year } from './year'
import { YearForm } from './YearForm'

const calendarDefaults = () => api.queryOptions('get', '/calendar/defaults', {}, { staleTime: Infinity })

export function CalendarPage() {
  const t = useT()
  const me = useMe()
  const edits = may(me, 'calendar.edit')
  const calendar = useQuery(calendarRead())
  const proposed = useQuery({ ...calendarDefaults(), enabled: edits })
  const [saved, setSaved] = useState<string>()
  return (
    <>
      <PageHead title={t('calendar.title')} />
      <div role="status">
        {saved && (
          <Stack align="flex-start" mb="md">
            <Text>✓ {t('calendar.saved', { name: saved })}</Text>
            <Button renderRoot={(props) => <Link to={paths.bells} {...props} />}>{t('calendar.next')}</Button>
          </Stack>
        )}
      </div>
      <DataState
        query={calendar}
        isEmpty={({ years }) => years.length === 0 && !edits}
        empty={<EmptyState title={t('calendar.none')} help={t('calendar.none-help')} />}
      >
        {({ years }) => (
          <Stack gap="xl">
            {edits && (
              <DataState query={proposed}>
                {(one) => (years.some(({ name }) => name === one.name) ? null : <YearForm proposed={one} onSaved={setSaved} />)}
              </DataState>
            )}
            {years.map((year) => (
              <YearView key={year.id} year={year} />
            ))}
          </Stack>
        )}
      </DataState>
    </>
  )
}

function YearView({ year }: { year: Year }) {
  const t = useT()
  const { language } = useLanguage()
  const span = (of: { begins: string; ends: string }) =>
    of.begins === of.ends ? formatDate(of.begins) : `${formatDate(of.begins)} – ${formatDate(of.ends)}`
  return (
    <section aria-label={t('calendar.year', { name: year.name })}>
      <Title order={2}>
        {t('calendar.year', { name: year.name })} {year.current && <Badge variant="light">{t('calendar.current')}</Badge>}
      </Title>
      <Text c="dimmed">{span(year)}</Text>
      {year.period_sets.map((set) => (
        <section key={set.id} aria-label={t('calendar.set', { grades: gradesOf(set.grades) })}>
          <Title order={3} mt="md">
            {t('calendar.set', { grades: gradesOf(set.grades) })}
          </Title>
          <List>
            {set.periods.map((period) => (
              <List.Item key={period.id}>
                {named(period, 'name', language)}: {span(period)}
              </List.Item>
            ))}
          </List>
        </section>
      ))}
      <Title order={3} mt="md">
        {t('calendar.holidays')}
      </Title>
      {year.holidays.length === 0 && <Text>{t('calendar.holidays-none')}</Text>}
      <List>
        {year.holidays.map((holiday) => (
          <List.Item key={holiday.id}>
            {named(holiday, 'name', language)}: {span(holiday)}
            {holiday.grades && ` (${t('calendar.holiday-grades', { grades: gradesOf(holiday.grades) })})`}
          </List.Item>
        ))}
      </List>
    </section>
  )
}
