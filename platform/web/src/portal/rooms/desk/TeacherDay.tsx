// A teacher's day: which lesson is now, whether its roll is taken; then the classes one leads: who is missing.
import { Badge, Button, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { named, useLanguage } from '~/lib/useLanguage'
import { useTopics } from '~/portal/live'
import { paths } from '~/portal/paths'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { useT } from '~/ui/text'
import classes from './desk.module.css'
import { LessonTime } from './LessonTime'
import { teacherDay, type Homeroom, type TeacherLesson } from './queries'

export function TeacherDay() {
  const t = useT()
  const day = useQuery({ ...teacherDay(), refetchInterval: 60_000 })
  useTopics(['lessons', 'attendance'], () => void day.refetch())
  return (
    <DataState query={day}>
      {({ lessons, homeroom, now_lesson_id }) => (
        <Stack gap="xl">
          <section aria-labelledby="day-title">
            <Title order={2} id="day-title" mb="sm">
              {t('desk.day.title')}
            </Title>
            {lessons.length === 0 && <EmptyState title={t('desk.day.empty')} help={t('desk.day.empty-help')} />}
            <ol className={classes.list}>
              {lessons.map((lesson) => (
                <Lesson key={lesson.lesson_id} lesson={lesson} now={lesson.lesson_id === now_lesson_id} />
              ))}
            </ol>
          </section>
          {homeroom.map((own) => (
            <OwnClass key={own.class_id} own={own} />
          ))}
        </Stack>
      )}
    </DataState>
  )
}

function Lesson({ lesson, now }: { lesson: TeacherLesson; now: boolean }) {
  const t = useT()
  const { language } = useLanguage()
  const subject = named(lesson, 'subject', language)
  return (
    <li className={classes.row} aria-current={now ? 'time' : undefined} data-now={now || undefined}>
      <LessonTime {...lesson} />
      <div className={classes.what}>
        <Text fw={600}>
          {lesson.class_name} · {subject} {now && <Badge variant="light">{t('desk.day.now')}</Badge>}
        </Text>
        <Text size="sm" className={lesson.roll_taken ? classes.good : undefined}>
          {lesson.roll_taken && <span aria-hidden>✓ </span>}
          {t(lesson.roll_taken ? 'desk.day.roll-taken' : 'desk.day.roll-open')}
        </Text>
        {lesson.topic && (
          <Text size="sm" c="dimmed">
            {lesson.topic}
          </Text>
        )}
      </div>
      <Button
        className={classes.acts}
        renderRoot={(props) => <Link to={paths.journal} search={{ class: lesson.class_id, subject: lesson.subject_id }} {...props} />}
        variant={now && !lesson.roll_taken ? 'filled' : 'default'}
        aria-label={`${t('desk.day.journal')}: ${lesson.class_name}, ${subject}`}
      >
        {t('desk.day.journal')}
      </Button>
    </li>
  )
}

function OwnClass({ own }: { own: Homeroom }) {
  const t = useT()
  return (
    <section aria-label={t('desk.homeroom.title', { name: own.class_name })}>
      <Title order={2}>{t('desk.homeroom.title', { name: own.class_name })}</Title>
      <Text c="dimmed">{t('desk.homeroom.students', { count: own.students })}</Text>
      {own.absent.length === 0 ? (
        <Text mt="xs">{t('desk.homeroom.nobody')}</Text>
      ) : (
        <>
          <Title order={3} mt="xs">
            {t('desk.homeroom.absent')}
          </Title>
          <ul>
            {own.absent.map((one) => (
              <li key={one.student_id}>
                {one.full_name}: {t(`common.attendance.${one.code}`)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
