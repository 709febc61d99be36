// One cell: what it holds, how its saving stands, and the panel of the cell one is in.
import { Popover } from '@mantine/core'
import { memo } from 'react'
import { useT } from '~/ui/text'
import { CellPanel } from './CellPanel'
import { cellName, type Content } from './cells'
import type { Panel } from './Grid'
import classes from './journal.module.css'
import type { Lesson, Student } from './queries'
import type { Wanted, Writing } from './writing'

interface Props {
  student: Student
  lesson: Lesson
  content: Content
  place: string
  active: boolean
  today: boolean
  /** The rule by which nothing can be changed here. */
  lock: string | undefined
  graded: boolean
  state: Writing['state'] | undefined
  refused: Writing | undefined
  panel: Panel | undefined
  write: (wanted: Wanted) => unknown
  onClose: () => void
}

export const Cell = memo(function Cell(props: Props) {
  const { student, lesson, content, place, active, today, lock, state, refused, panel } = props
  const t = useT()
  const opened = panel !== undefined && (panel !== 'refusal' || refused !== undefined)
  const name = [cellName(t, student, lesson, content), state && t(`journal.state.${state}`), lock].filter(Boolean).join('. ')
  return (
    <td
      role="gridcell"
      className={classes.cell}
      data-place={place}
      data-state={state}
      data-today={today || undefined}
      data-locked={lock ? true : undefined}
      data-absent={(content.code && content.code !== 'late') || undefined}
      tabIndex={active ? 0 : -1}
      aria-readonly={lock ? true : undefined}
      title={lock}
    >
      {/* The name is a text: a letter stands for words, and a label would have to hold the letter. */}
      <span className="k-hidden">{name}</span>
      {opened ? (
        <Popover opened hideDetached={false} onDismiss={props.onClose} position="bottom" withArrow shadow="md" width={320} trapFocus={panel === 'comment' || panel === 'history'} withinPortal>
          <Popover.Target>
            <span className={classes.content} aria-hidden>
              <CellText content={content} />
            </span>
          </Popover.Target>
          <Popover.Dropdown aria-label={name}>
            <CellPanel {...props} panel={panel} />
          </Popover.Dropdown>
        </Popover>
      ) : (
        <span className={classes.content} aria-hidden>
          <CellText content={content} />
        </span>
      )}
      {state === 'saved' && (
        <span className={classes.tick} aria-hidden>
          ✓
        </span>
      )}
      {state === 'refused' && (
        <span className={classes.bang} aria-hidden>
          !
        </span>
      )}
    </td>
  )
}, same)

/** Cells are many: one is drawn anew only when something of it changed. */
function same(before: Props, after: Props): boolean {
  const plain = ['student', 'lesson', 'place', 'active', 'today', 'lock', 'graded', 'state', 'refused', 'panel', 'write'] as const
  const held = ['value', 'code', 'comment'] as const
  if (after.panel !== undefined) return false
  return plain.every((key) => before[key] === after[key]) && held.every((key) => before.content[key] === after.content[key])
}

export function CellText({ content }: { content: Content }) {
  const t = useT()
  return (
    <>
      {content.value !== undefined && <span className={classes.mark}>{content.value}</span>}
      {content.code && <span className={classes.letter}>{t(`common.attendance-letter.${content.code}`)}</span>}
      {content.comment && <span className={classes.comment} aria-hidden />}
    </>
  )
}
