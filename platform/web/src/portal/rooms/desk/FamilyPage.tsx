// A family's page: what was today, what is tomorrow, how the marks stand. Live: what a teacher enters appears by itself.
import { Button, Group, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { addDays, formatDate, weekdayName } from '~/lib/dates'
import { useLanguage } from '~/lib/useLanguage'
import { useTopics } from '~/portal/live'
import { useMe, type Me } from '~/portal/me'
import { paths } from '~/portal/paths'
import { familySearch } from '~/portal/searches'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { DayLessons } from './DayLessons'
import classes from './desk.module.css'
import { familyDay } from './queries'
import { SubjectBars } from './SubjectBars'

type Child = Me['children'][number]

/** The reader's children; a student is the one whose page it is. */
function studentsOf(me: Me): Child[] {
  return me.roles.includes('student') ? [{ student_id: me.profile_id, full_name: me.full_name }, ...me.children] : me.children
}

export function FamilyPage() {
  const t = useT()
  const me = useMe()
  const navigate = useNavigate()
  // The page stands at two addresses: the desk of a family, and /family of staff with children.
  const search = familySearch(useSearch({ strict: false }))
  const students = studentsOf(me)
  const child = students.find(({ student_id }) => student_id === search.child) ?? students[0]
  const go = (next: { child?: string; date?: string }) => void navigate({ to: paths.family, search: next })

  if (!child) {
    return (
      <>
        <PageHead title={t('portal.nav.family')} />
        <EmptyState title={t('desk.family.none')} help={t('desk.family.none-help')} />
      </>
    )
  }
  return (
    <>
      <PageHead title={child.full_name} lead={child.class_name} />
      {students.length > 1 && (
        <Group gap="xs" mb="lg" role="group" aria-label={t('desk.family.child')}>
          {students.map((one) => (
            <Button
              key={one.student_id}
              variant={one === child ? 'filled' : 'default'}
              aria-pressed={one === child}
              onClick={() => go({ child: one.student_id, date: search.date })}
            >
              {one.full_name}
              {one.class_name ? `, ${one.class_name}` : ''}
            </Button>
          ))}
        </Group>
      )}
      <Days key={child.student_id} child={child} date={search.date ?? me.today} today={me.today} onGo={(date) => go({ child: child.student_id, date })} />
    </>
  )
}

interface Props {
  child: Child
  date: string
  today: string
  onGo: (date: string | undefined) => void
}

function Days({ child, date, today, onGo }: Props) {
  const t = useT()
  const { language } = useLanguage()
  const day = useQuery(familyDay(child.student_id, date === today ? undefined : date))
  useTopics(['marks', 'attendance', 'lessons'], () => void day.refetch())
  return (
    <>
      <Group gap="xs" mb="md" role="group" aria-label={t('desk.family.days')}>
        <Button variant="default" onClick={() => onGo(addDays(date, -1))}>
          {t('desk.family.day-before')}
        </Button>
        <Button variant="default" onClick={() => onGo(addDays(date, 1))}>
          {t('desk.family.day-after')}
        </Button>
        {date !== today && (
          <Button variant="subtle" onClick={() => onGo(undefined)}>
            {t('desk.family.day-today')}
          </Button>
        )}
      </Group>
      <DataState query={day}>
        {(shown) => (
          <>
            <div className={classes.columns} aria-live="polite">
              <section aria-labelledby="family-today">
                <Title order={2} id="family-today" mb="xs">
                  {date === today ? t('desk.family.today', { date: formatDate(date) }) : `${weekdayName(date, language)}, ${formatDate(date)}`}
                </Title>
                <DayLessons lessons={shown.today.lessons} />
              </section>
              <section aria-labelledby="family-next">
                <Title order={2} id="family-next" mb="xs">
                  {shown.tomorrow
                    ? t('desk.family.next', { weekday: weekdayName(shown.tomorrow.date, language), date: formatDate(shown.tomorrow.date) })
                    : t('desk.family.no-next')}
                </Title>
                {shown.tomorrow && <DayLessons lessons={shown.tomorrow.lessons} />}
              </section>
            </div>
            <section aria-labelledby="family-marks">
              <Title order={2} id="family-marks" mt="xl">
                {t('desk.family.marks')}
              </Title>
              <Text c="dimmed" size="sm" mb="xs">
                {t('desk.family.marks-help')}
              </Text>
              <SubjectBars subjects={shown.subjects} />
            </section>
          </>
        )}
      </DataState>
    </>
  )
}
