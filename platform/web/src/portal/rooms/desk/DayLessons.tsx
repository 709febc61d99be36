// A day's lessons as a family reads them: subject, marks, attendance, topic, homework.
import { Group, Text } from '@mantine/core'
import { named, useLanguage } from '~/lib/useLanguage'
import { useT } from '~/ui/text'
import classes from './desk.module.css'
import { LessonTime } from './LessonTime'
import type { FamilyLesson } from './queries'

export function DayLessons({ lessons }: { lessons: FamilyLesson[] }) {
  const t = useT()
  const { language } = useLanguage()
  if (lessons.length === 0) return <Text>{t('desk.family.no-lessons')}</Text>
  return (
    <ol className={classes.list}>
      {lessons.map((lesson) => (
        <li key={lesson.lesson_id} className={classes.row}>
          <LessonTime {...lesson} />
          <div className={classes.what}>
            <Group gap="xs">
              <Text fw={600}>{named(lesson, 'subject', language)}</Text>
              {lesson.marks.map((mark, index) => (
                <span key={index} className={classes.mark}>
                  {t('desk.family.mark', { value: mark.value, max: mark.max })}
                </span>
              ))}
            </Group>
            {lesson.attendance && <Text size="sm">{t(`common.attendance.${lesson.attendance}`)}</Text>}
            {lesson.topic && (
              <Text size="sm" c="dimmed">
                {t('desk.family.topic', { topic: lesson.topic })}
              </Text>
            )}
            {lesson.homework && <Text size="sm">{t('desk.family.homework', { homework: lesson.homework })}</Text>}
            {lesson.marks.map((mark, index) => mark.comment && <Text key={index} size="sm">«{mark.comment}»</Text>)}
          </div>
        </li>
      ))}
    </ol>
  )
}
