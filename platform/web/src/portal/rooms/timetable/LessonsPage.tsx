// Lessons of a class by week; with the right to, forms for one lesson and for a weekly series.
import { Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { addDays, formatDate, mondayOf, weekdayName } from '~/lib/dates'
import { may } from '~/lib/may'
import { named, useLanguage } from '~/lib/useLanguage'
import { api, type PortalAnswer } from '~/portal/api'
import { classList, staffList, subjectList } from '~/portal/dictionaries'
import { Lacking } from '~/portal/Lacking'
import { useTopics } from '~/portal/live'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { Needed } from '~/ui/Needed'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { LessonForm } from './LessonForm'
import { SeriesForm } from './SeriesForm'

type Lesson = PortalAnswer<'lesson_list'>[number]

const lessonList = (class_id: string, from: string, to: string) => api.queryOptions('get', '/lessons', { params: { query: { class_id, from, to } } })

export function LessonsPage() {
  const t = useT()
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: paths.lessons })
  const classes = useQuery(classList())
  const subjects = useQuery(subjectList())
  const staff = useQuery(staffList())
  const monday = mondayOf(search.date ?? me.today)
  const go = (next: { class?: string; date?: string }) => void navigate({ to: paths.lessons, search: { ...search, ...next } })
  return (
    <>
      <PageHead title={t('timetable.title')} />
      <Stack gap="xl">
        <section aria-label={t('timetable.title')}>
          <Needed of={[classes, subjects, staff]} />
          <Lacking classes={classes.data?.length} subjects={subjects.data?.length} staff={staff.data?.count} />
          <Group align="flex-end" mb="sm">
            <NativeSelect
              label={t('common.class')}
              value={search.class ?? ''}
              onChange={(event) => go({ class: event.currentTarget.value || undefined })}
              data={[{ value: '', label: t('portal.choose') }, ...(classes.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
            />
            <Button variant="default" onClick={() => go({ date: addDays(monday, -7) })}>
              {t('timetable.week-before')}
            </Button>
            <Button variant="default" onClick={() => go({ date: addDays(monday, 7) })}>
              {t('timetable.week-after')}
            </Button>
          </Group>
          <Text fw={600} role="status">
            {t('timetable.week', { from: formatDate(monday), to: formatDate(addDays(monday, 6)) })}
          </Text>
          {search.class ? <Week classId={search.class} monday={monday} /> : <Text c="dimmed">{t('timetable.choose-class')}</Text>}
        </section>
        {may(me, 'lesson.add') && (
          <>
            <LessonForm classId={search.class} />
            <SeriesForm classId={search.class} />
          </>
        )}
      </Stack>
    </>
  )
}

function Week({ classId, monday }: { classId: string; monday: string }) {
  const t = useT()
  const { language } = useLanguage()
  const subjects = useQuery(subjectList())
  const staff = useQuery(staffList())
  const lessons = useQuery(lessonList(classId, monday, addDays(monday, 6)))
  useTopics(['lessons'], () => void lessons.refetch())
  const what = (lesson: Lesson) => {
    const subject = subjects.data?.find(({ id }) => id === lesson.subject_id)
    const teacher = staff.data?.people.find(({ id }) => id === lesson.teacher_id)
    return [subject && named(subject, 'name', language), teacher?.full_name, lesson.topic, lesson.state === 'cancelled' && t('timetable.cancelled')].filter(Boolean).join(' · ')
  }
  return (
    <DataState query={lessons} isEmpty={(all) => all.length === 0} empty={<EmptyState title={t('timetable.empty')} />}>
      {(all) =>
        [...new Set(all.map(({ date }) => date))].sort().map((date) => (
          <section key={date} aria-label={`${weekdayName(date, language)}, ${formatDate(date)}`}>
            <Title order={3} mt="sm">
              {weekdayName(date, language)}, {formatDate(date)}
            </Title>
            <ul>
              {all
                .filter((lesson) => lesson.date === date)
                .sort((left, right) => left.number - right.number)
                .map((lesson) => (
                  <li key={lesson.id}>
                    {t('timetable.lesson', { number: lesson.number, begins: lesson.begins, ends: lesson.ends })}: {what(lesson)}
                  </li>
                ))}
            </ul>
          </section>
        ))
      }
    </DataState>
  )
}
