// The grid: names stay, lessons are narrow columns under months, today is marked and in view. Everything by keys.
import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState, type FocusEvent, type KeyboardEvent, type MouseEvent, type RefObject } from 'react'
import { formatDate, monthName } from '~/lib/dates'
import { formatDecimal } from '~/lib/numbers'
import { useLanguage } from '~/lib/useLanguage'
import { useT } from '~/ui/text'
import { Cell } from './Cell'
import { cellKey, contentOf, contents, currentColumn, meaningOf, months, moved, type Content, type Place } from './cells'
import classes from './journal.module.css'
import { LessonHead } from './LessonHead'
import type { Journal, Lesson, Student } from './queries'
import { refusedOf, shown, stateOf, type Wanted, type Writings } from './writing'

export type Panel = 'comment' | 'history' | 'lock' | 'refusal'

interface Props {
  journal: Journal
  writings: Writings
  write: (wanted: Wanted) => unknown
  drop: (wanted: Wanted) => void
}

interface Origin {
  key: string
  content: Content
}

/** What a key does to the cell that it is pressed in. */
function useActs({ journal, writings, write, drop }: Props, origin: RefObject<Origin | undefined>) {
  const cells = useMemo(() => contents(journal), [journal])
  const [panel, setPanel] = useState<Panel>()

  const saved = (student: Student, lesson: Lesson) => contentOf(cells, lesson.id, student.id)
  const now = (student: Student, lesson: Lesson) => shown(saved(student, lesson), writings.get(cellKey(lesson.id, student.id)))

  const put = (student: Student, lesson: Lesson, next: Pick<Content, 'value' | 'comment' | 'code'>) => {
    const held = now(student, lesson)
    const which = { student: student.id, lesson: lesson.id }
    if (next.value !== held.value || next.comment !== held.comment) write({ ...which, kind: 'mark', value: next.value, comment: next.comment })
    if (next.code !== held.code) write({ ...which, kind: 'attendance', code: next.code })
  }

  const restore = (student: Student, lesson: Lesson) => {
    const refused = refusedOf(writings.get(cellKey(lesson.id, student.id)))
    const shut = panel && panel !== 'refusal'
    setPanel(undefined)
    if (shut) return
    if (refused) return drop(refused)
    if (origin.current?.key === cellKey(lesson.id, student.id)) put(student, lesson, origin.current.content)
  }

  const act = (meaning: NonNullable<ReturnType<typeof meaningOf>>, student: Student, lesson: Lesson) => {
    const held = now(student, lesson)
    if (meaning === 'history') return setPanel('history')
    if (meaning === 'restore') return restore(student, lesson)
    if (lockOf(journal, lesson)) return setPanel('lock')
    if (typeof meaning === 'object' && 'mark' in meaning && !journal.graded) return setPanel('lock')
    setPanel(meaning === 'comment' ? 'comment' : 'refusal')
    if (meaning === 'comment') return
    if (meaning === 'clear') return put(student, lesson, {})
    if ('mark' in meaning) return put(student, lesson, { ...held, value: meaning.mark })
    put(student, lesson, { ...held, code: meaning.attend })
  }

  return { panel, setPanel, saved, now, act }
}

/** Where the focus is, and what the grid does with keys, clicks and coming and going. */
function useGrid(props: Props, table: RefObject<HTMLTableElement | null>) {
  const { language } = useLanguage()
  const { students, lessons, today } = props.journal
  const [place, setPlace] = useState<Place>(() => ({ row: 0, column: currentColumn(lessons, today) }))
  const origin = useRef<Origin>(undefined)
  const { panel, setPanel, saved, now, act } = useActs(props, origin)
  useInView(table, place.column)

  const focusAt = useCallback(({ row, column }: Place) => {
    table.current?.querySelector<HTMLElement>(`[data-place="${row}:${column}"]`)?.focus()
  }, [table])

  const at = ({ row, column }: Place): { student: Student; lesson: Lesson } | undefined => {
    const [student, lesson] = [students[row], lessons[column]]
    return student && lesson ? { student, lesson } : undefined
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    const from = placeOf(event.target as HTMLElement)
    if (!from || event.altKey || event.metaKey) return
    const to = event.ctrlKey && !['Home', 'End'].includes(event.key) ? undefined : moved(from, event, students.length, lessons.length)
    if (to && !(from.row === -1 && event.key === 'Enter')) {
      event.preventDefault()
      return focusAt(to)
    }
    const here = at(from)
    if (!here || event.ctrlKey) return
    const meaning = meaningOf({ key: event.key, code: event.code }, language)
    if (!meaning) return
    event.preventDefault()
    act(meaning, here.student, here.lesson)
  }

  const onFocus = (event: FocusEvent<HTMLTableElement>) => {
    const next = placeOf(event.target as HTMLElement)
    if (!next || (next.row === place.row && next.column === place.column && origin.current)) return
    setPlace(next)
    setPanel('refusal')
    const here = at(next)
    origin.current = here && { key: cellKey(here.lesson.id, here.student.id), content: now(here.student, here.lesson) }
  }

  const onClick = (event: MouseEvent<HTMLTableElement>) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('td[data-place]')
    if (cell && table.current?.contains(cell)) cell.focus()
  }

  /** Back to a cell that begins anew is another edit: Escape restores what stands there then. */
  const onBlur = ({ relatedTarget }: FocusEvent<HTMLTableElement>) => {
    const inPanel = relatedTarget instanceof Element && relatedTarget.closest('[data-portal]')
    if (!inPanel && !table.current?.contains(relatedTarget)) origin.current = undefined
  }

  return { panel, setPanel, saved, place, focusAt, keys: { onKeyDown, onFocus, onClick, onBlur } }
}

export function Grid(props: Props) {
  const t = useT()
  const { journal } = props
  const [open, setOpen] = useState<string>()
  const table = useRef<HTMLTableElement>(null)
  const grid = useGrid(props, table)

  const openHead = (lesson: string | undefined) => {
    setOpen(lesson)
    // The head takes the focus again once it stands alone.
    if (lesson === undefined) setTimeout(() => grid.focusAt({ row: -1, column: grid.place.column }))
  }

  return (
    <div className={classes.scroll} role="region" aria-label={t('journal.grid')}>
      {/* The grid's own keys are heard here once; each cell takes the focus itself. */}
      <table ref={table} role="grid" className={classes.grid} aria-label={t('journal.grid')} aria-readonly={!journal.may_edit} tabIndex={-1} {...grid.keys}>
        <Head journal={journal} place={grid.place} open={open} onOpen={openHead} />
        <tbody>
          {journal.students.map((student, row) => (
            <Row key={student.id} {...props} grid={grid} student={student} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps extends Props {
  grid: ReturnType<typeof useGrid>
  student: Student
  row: number
}

function Row({ journal, writings, write, grid, student, row }: RowProps) {
  const { language } = useLanguage()
  const { place, panel, saved, setPanel, focusAt } = grid
  const close = () => {
    setPanel(undefined)
    focusAt(place)
  }
  return (
    <tr>
      <th scope="row" role="rowheader" className={classes.name}>
        {student.full_name}
      </th>
      {journal.graded && (
        <>
          <td role="gridcell" className={classes.percent}>
            {student.percent === undefined ? '' : formatDecimal(student.percent, language)}
          </td>
          <td role="gridcell" className={classes.grade}>
            {student.grade ?? ''}
          </td>
        </>
      )}
      {journal.lessons.map((lesson, column) => {
        const writing = writings.get(cellKey(lesson.id, student.id))
        const active = place.row === row && place.column === column
        return (
          <Cell
            key={lesson.id}
            student={student}
            lesson={lesson}
            content={shown(saved(student, lesson), writing)}
            place={`${row}:${column}`}
            active={active || (place.row === -1 && row === 0 && place.column === column)}
            today={lesson.date === journal.today}
            lock={lockOf(journal, lesson)}
            graded={journal.graded}
            state={stateOf(writing)}
            refused={active ? refusedOf(writing) : undefined}
            panel={active ? panel : undefined}
            write={write}
            onClose={close}
          />
        )
      })}
    </tr>
  )
}

export function lockOf(journal: Journal, lesson: Lesson): string | undefined {
  return journal.lock?.title ?? lesson.lock?.title
}

function placeOf(element: HTMLElement): Place | undefined {
  const [row, column] = (element.dataset.place ?? '').split(':').map(Number)
  return row === undefined || column === undefined || Number.isNaN(row) ? undefined : { row, column }
}

/** The lesson of today, or the last one, is in view when the journal opens. */
function useInView(table: RefObject<HTMLTableElement | null>, column: number) {
  const scroll = useEffectEvent(() => {
    const head = table.current?.querySelector<HTMLElement>(`thead [data-column="${column}"]`)
    const box = table.current?.parentElement
    if (head && box) box.scrollTo({ left: Math.max(0, head.offsetLeft + head.offsetWidth * 4 - box.clientWidth) })
  })
  useLayoutEffect(() => scroll(), [])
  // Once more when the styles of a lazy page have come.
  useEffect(() => {
    const timer = setTimeout(() => scroll(), 50)
    return () => clearTimeout(timer)
  }, [])
}

interface HeadProps {
  journal: Journal
  place: Place
  open: string | undefined
  onOpen: (lesson: string | undefined) => void
}

function Head({ journal, place, open, onOpen }: HeadProps) {
  const t = useT()
  const { language } = useLanguage()
  const { lessons } = journal
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={2} className={classes.name}>
          {t('journal.student')}
        </th>
        {journal.graded && (
          <>
            <th scope="col" rowSpan={2} className={classes.percent} aria-label={t('journal.percent')} title={t('journal.percent')}>
              %
            </th>
            <th scope="col" rowSpan={2} className={classes.grade} aria-label={t('journal.grade')} title={t('journal.grade')}>
              {t('journal.grade-short')}
            </th>
          </>
        )}
        {months(lessons).map((group) => (
          <th key={group.month} scope="colgroup" colSpan={group.lessons.length} className={classes.month}>
            <span>{monthName(`${group.month}-01`, language)}</span>
          </th>
        ))}
      </tr>
      <tr>
        {lessons.map((lesson, column) => (
          <th
            key={lesson.id}
            scope="col"
            className={classes.day}
            data-column={column}
            data-today={lesson.date === journal.today || undefined}
            data-first={column > 0 && lessons[column - 1]?.date.slice(0, 7) !== lesson.date.slice(0, 7) ? true : undefined}
            aria-label={t('journal.lesson', { date: formatDate(lesson.date), number: lesson.number })}
          >
            <LessonHead
              lesson={lesson}
              journal={journal}
              place={`-1:${column}`}
              tabIndex={place.row === -1 && place.column === column ? 0 : -1}
              opened={open === lesson.id}
              onOpen={(opened) => onOpen(opened ? lesson.id : undefined)}
            />
          </th>
        ))}
      </tr>
    </thead>
  )
}
