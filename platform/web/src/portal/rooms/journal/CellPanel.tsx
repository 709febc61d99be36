// What can be said of a cell: its comment, its history, the rule that locks it, why a write was refused.
import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { isProblem } from '~/api/problem'
import { formatDate, formatMoment } from '~/lib/dates'
import { Cancel } from '~/ui/Cancel'
import { DataState } from '~/ui/DataState'
import { failureOf } from '~/ui/failure'
import { useT } from '~/ui/text'
import { contentWords, CODES, type Content } from './cells'
import classes from './journal.module.css'
import { cellHistory, type CellChange, type Lesson, type Student } from './queries'
import type { Wanted, Writing } from './writing'

interface Props {
  student: Student
  lesson: Lesson
  content: Content
  lock: string | undefined
  graded: boolean
  panel: 'comment' | 'history' | 'lock' | 'refusal'
  refused: Writing | undefined
  write: (wanted: Wanted) => unknown
  onClose: () => void
}

export function CellPanel(props: Props) {
  const t = useT()
  const { panel, student, lesson, lock, refused } = props
  return (
    // The grid's keys must not hear what is typed here.
    <Stack gap="xs" onKeyDown={(event) => event.stopPropagation()} onFocus={(event) => event.stopPropagation()} onClick={(event) => event.stopPropagation()}>
      <Text size="sm" fw={600}>
        {student.full_name}, {formatDate(lesson.date)}
      </Text>
      {panel === 'lock' && (
        <Text size="sm" role="alert">
          {lock ?? t('journal.no-marks')}
        </Text>
      )}
      {panel === 'comment' && <Comment {...props} />}
      {panel === 'history' && <History {...props} />}
      {panel === 'refusal' && refused && <Refusal {...props} refused={refused} />}
    </Stack>
  )
}

function Comment({ student, lesson, content, write, onClose }: Props) {
  const t = useT()
  const [text, setText] = useState(content.comment ?? '')
  if (content.value === undefined) return <Text size="sm">{t('journal.comment-needs-mark')}</Text>
  const save = () => {
    write({ kind: 'mark', student: student.id, lesson: lesson.id, value: content.value, comment: text.trim() || undefined })
    onClose()
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Stack gap="xs">
        <Textarea
          label={t('journal.comment')}
          description={t('journal.comment-help')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onClose()
            if (event.key === 'Enter' && event.ctrlKey) save()
          }}
          maxLength={500}
          rows={3}
          data-autofocus
        />
        <Group gap="xs">
          <Button type="submit" size="compact-sm">
            {t('ui.save')}
          </Button>
          <Cancel size="compact-sm" onClick={onClose} />
        </Group>
      </Stack>
    </form>
  )
}

function History({ student, lesson, onClose }: Props) {
  const t = useT()
  const history = useQuery(cellHistory(lesson.id, student.id))
  return (
    <div role="presentation" onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <DataState query={history} isEmpty={(all) => all.length === 0} empty={<Text size="sm">{t('journal.history-none')}</Text>}>
        {(all) => (
          <ol className={classes.history} aria-label={t('journal.history')}>
            {all.map((change) => (
              <li key={`${change.what}-${change.version}`}>
                <Change change={change} />
              </li>
            ))}
          </ol>
        )}
      </DataState>
      <Button variant="default" size="compact-sm" mt="xs" onClick={onClose} data-autofocus>
        {t('ui.close')}
      </Button>
    </div>
  )
}

function Change({ change }: { change: CellChange }) {
  const t = useT()
  const words = (text: string | undefined) => {
    if (!text) return t('journal.empty')
    const code = CODES.find((one) => one === text)
    return code ? t(`common.attendance.${code}`) : text
  }
  return (
    <>
      <Text size="sm">
        {words(change.before)} → <strong>{words(change.after)}</strong>
      </Text>
      {change.comment && <Text size="sm">{change.comment}</Text>}
      <Text size="sm" c="dimmed">
        {[change.by, formatMoment(change.at)].filter(Boolean).join(', ')}
      </Text>
    </>
  )
}

/** Why it was not saved; after a conflict: what stands there, who put it, when, and what one's own was. */
export function Refusal({ refused, content, write }: { refused: Writing; content: Content; write: (wanted: Wanted) => unknown }) {
  const t = useT()
  const failure = failureOf(refused.error)
  const conflict = isProblem(refused.error) ? refused.error.conflict : undefined
  const own = contentWords(t, refused.kind === 'mark' ? { value: refused.value, comment: refused.comment } : { code: refused.code })
  const standing = contentWords(t, refused.kind === 'mark' ? { value: content.value } : { code: content.code })
  return (
    <div role="alert">
      <Text size="sm" c="var(--mantine-color-error)">
        {failure.title || t(failure.code === 'network' ? 'ui.failure.network' : 'ui.failure.unexpected')}
      </Text>
      {failure.fields.map(({ field, title }) => (
        <Text key={field} size="sm">
          {title}
        </Text>
      ))}
      {conflict && (
        <Text size="sm">{t('journal.standing', { value: standing, by: conflict.by ?? '', at: formatMoment(conflict.at) })}</Text>
      )}
      <Text size="sm">{t('journal.own', { value: own })}</Text>
      <Button size="compact-sm" mt="xs" variant="default" onClick={() => write(wantedOf(refused))}>
        {t(conflict ? 'journal.put-own' : 'ui.retry')}
      </Button>
    </div>
  )
}

function wantedOf(refused: Writing): Wanted {
  const { lesson, student } = refused
  return refused.kind === 'mark'
    ? { kind: 'mark', lesson, student, value: refused.value, comment: refused.comment }
    : { kind: 'attendance', lesson, student, code: refused.code }
}
