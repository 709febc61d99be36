// The head of a lesson's column: the day; opened, it holds topic, homework and the roll.
import { Popover, UnstyledButton } from '@mantine/core'
import { formatDate } from '~/lib/dates'
import { useT } from '~/ui/text'
import { LessonForm } from './LessonForm'
import classes from './journal.module.css'
import type { Journal, Lesson } from './queries'

interface Props {
  lesson: Lesson
  journal: Journal
  place: string
  tabIndex: number
  opened: boolean
  onOpen: (opened: boolean) => void
}

export function LessonHead({ lesson, journal, place, tabIndex, opened, onOpen }: Props) {
  const t = useT()
  const name = [
    t('journal.lesson', { date: formatDate(lesson.date), number: lesson.number }),
    lesson.topic,
    lesson.roll_taken && t('journal.roll-taken'),
    lesson.lock?.title,
  ]
  const button = (
    <UnstyledButton
      className={classes.lesson}
      data-place={place}
      tabIndex={tabIndex}
      aria-label={name.filter(Boolean).join('. ')}
      title={lesson.topic}
      aria-haspopup="dialog"
      aria-expanded={opened}
      onClick={() => onOpen(!opened)}
    >
      {lesson.date.slice(8)}
      <span className={classes.sign} aria-hidden>
        {lesson.lock ? '·' : lesson.roll_taken ? '✓' : ' '}
      </span>
    </UnstyledButton>
  )
  if (!opened) return button
  return (
    <Popover opened hideDetached={false} onDismiss={() => onOpen(false)} position="bottom" withArrow shadow="md" width={360} trapFocus returnFocus withinPortal>
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown aria-label={t('journal.lesson', { date: formatDate(lesson.date), number: lesson.number })}>
        <div role="presentation" className={classes.sheet} onKeyDown={(event) => event.key !== 'Escape' && event.stopPropagation()} onFocus={(event) => event.stopPropagation()}>
          <LessonForm key={lesson.version} lesson={lesson} editable={journal.may_edit} onClose={() => onOpen(false)} />
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
