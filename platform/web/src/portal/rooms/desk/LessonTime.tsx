// Which lesson of the day, and from when till when.
import { Text } from '@mantine/core'
import { useT } from '~/ui/text'
import classes from './desk.module.css'
import type { FamilyLesson } from './queries'

export function LessonTime({ number, begins, ends }: Pick<FamilyLesson, 'number' | 'begins' | 'ends'>) {
  const t = useT()
  return (
    <div className={classes.time}>
      <Text fw={600}>{t('desk.day.number', { number })}</Text>
      <Text size="sm" c="dimmed">
        {begins}–{ends}
      </Text>
    </div>
  )
}
