// The journal on a phone: one lesson as a list of names. A tap on a name = absent, a pad of digits for marks.
import { Button, Group, NativeSelect, Stack, Text, UnstyledButton } from '@mantine/core'
import { useMemo, useState } from 'react'
import { formatDate } from '~/lib/dates'
import { formatDecimal } from '~/lib/numbers'
import { useLanguage } from '~/lib/useLanguage'
import { Side } from '~/ui/Side'
import { useT } from '~/ui/text'
import { CellText } from './Cell'
import { Refusal } from './CellPanel'
import { cellKey, cellName, CODES, contentOf, contents, currentColumn } from './cells'
import { lockOf } from './Grid'
import classes from './journal.module.css'
import { LessonForm, RollButton } from './LessonForm'
import type { Journal, Lesson, Student } from './queries'
import { refusedOf, shown, stateOf, type Wanted, type Writings } from './writing'

interface Props {
  journal: Journal
  writings: Writings
  write: (wanted: Wanted) => unknown
}

export function Phone({ journal, writings, write }: Props) {
  const t = useT()
  const [chosen, setChosen] = useState(() => journal.lessons[currentColumn(journal.lessons, journal.today)]?.id)
  const [padOf, setPadOf] = useState<string>()
  const [details, setDetails] = useState(false)
  const cells = useMemo(() => contents(journal), [journal])
  const lesson = journal.lessons.find(({ id }) => id === chosen) ?? journal.lessons.at(-1)
  if (!lesson) return null
  const lock = lockOf(journal, lesson)
  const now = (student: Student) => shown(contentOf(cells, lesson.id, student.id), writings.get(cellKey(lesson.id, student.id)))
  const student = journal.students.find(({ id }) => id === padOf)
  return (
    <Stack>
      <NativeSelect
        label={t('journal.lesson-choose')}
        value={lesson.id}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={journal.lessons.map((one) => ({ value: one.id, label: t('journal.lesson', { date: formatDate(one.date), number: one.number }) }))}
      />
      {lock ? <Text size="sm">{lock}</Text> : <RollButton lesson={lesson} editable={journal.may_edit} />}
      <Button variant="default" aria-expanded={details} onClick={() => setDetails(!details)}>
        {t('journal.details')}
      </Button>
      {details && <LessonForm key={`${lesson.id}-${lesson.version}`} lesson={lesson} editable={journal.may_edit} />}
      {!lock && (
        <Text size="sm" c="dimmed">
          {t('journal.phone-help')}
        </Text>
      )}
      <ul className={classes.names} aria-label={t('journal.grid')}>
        {journal.students.map((one) => (
          <Row
            key={one.id}
            journal={journal}
            student={one}
            lesson={lesson}
            content={now(one)}
            writings={writings}
            locked={lock !== undefined}
            write={write}
            onPad={() => setPadOf(one.id)}
          />
        ))}
      </ul>
      <Side
        opened={student !== undefined}
        onClose={() => setPadOf(undefined)}
        position="bottom"
        size="auto"
        title={student?.full_name}
      >
        {student && <Pad journal={journal} student={student} lesson={lesson} content={now(student)} write={write} onClose={() => setPadOf(undefined)} />}
      </Side>
    </Stack>
  )
}

interface One {
  journal: Journal
  student: Student
  lesson: Lesson
  content: ReturnType<typeof shown>
  write: Props['write']
}

function Row({ journal, student, lesson, content, writings, locked, write, onPad }: One & { writings: Writings; locked: boolean; onPad: () => void }) {
  const t = useT()
  const { language } = useLanguage()
  const writing = writings.get(cellKey(lesson.id, student.id))
  const state = stateOf(writing)
  const refused = refusedOf(writing)
  const absent = content.code !== undefined && content.code !== 'late'
  const toggle = () => write({ kind: 'attendance', student: student.id, lesson: lesson.id, code: absent ? undefined : 'absent_unexcused' })
  return (
    <li data-state={state} className={classes.person}>
      <div className={classes.line}>
        <UnstyledButton className={classes.who} aria-pressed={absent} disabled={locked} data-absent={absent || undefined} onClick={toggle}>
          {student.full_name}
          {student.percent !== undefined && (
            <Text span size="sm" c="dimmed">
              {' '}
              {formatDecimal(student.percent, language)} %
            </Text>
          )}
        </UnstyledButton>
        <span className={classes.saving} aria-hidden>
          {state === 'saved' && <span className={classes.tick}>✓</span>}
          {state === 'saving' && '…'}
          {state === 'refused' && <span className={classes.bang}>!</span>}
        </span>
        <UnstyledButton className={classes.pad} disabled={locked} aria-haspopup="dialog" onClick={onPad}>
          <span aria-hidden>{content.value === undefined && !content.code ? journal.graded ? '+' : '…' : <CellText content={content} />}</span>
          <span className="k-hidden">{cellName(t, student, lesson, content)}</span>
        </UnstyledButton>
      </div>
      {refused && <Refusal refused={refused} content={content} write={write} />}
    </li>
  )
}

function Pad({ journal, student, lesson, content, write, onClose }: One & { onClose: () => void }) {
  const t = useT()
  const which = { student: student.id, lesson: lesson.id }
  const mark = (value: number | undefined) => {
    if (value !== content.value) write({ ...which, kind: 'mark', value, comment: content.comment })
    onClose()
  }
  return (
    <Stack>
      {journal.graded && (
        <div className={classes.digits} role="group" aria-label={t('journal.mark')}>
          {[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((value) => (
            <Button key={value} variant={content.value === value ? 'filled' : 'default'} aria-pressed={content.value === value} onClick={() => mark(value)}>
              {value}
            </Button>
          ))}
        </div>
      )}
      {content.value !== undefined && (
        <Button variant="default" onClick={() => mark(undefined)}>
          {t('journal.clear')}
        </Button>
      )}
      <Group gap="xs" role="group" aria-label={t('journal.attendance')}>
        {CODES.map((code) => (
          <Button
            key={code}
            variant={content.code === code ? 'filled' : 'default'}
            aria-pressed={content.code === code}
            onClick={() => {
              write({ ...which, kind: 'attendance', code: content.code === code ? undefined : code })
              onClose()
            }}
          >
            {t(`common.attendance.${code}`)}
          </Button>
        ))}
      </Group>
    </Stack>
  )
}
