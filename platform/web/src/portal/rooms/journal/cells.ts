// What a cell holds and what a key means in it. Pure: no page, no server.
import { formatDate } from '~/lib/dates'
import type { Language } from '~/lib/language'
import type { Translate } from '~/ui/text'
import type { Journal, Lesson, Student } from './queries'

export const CODES = ['absent_unexcused', 'absent_excused', 'ill', 'late'] as const
export type Code = (typeof CODES)[number]

export interface Content {
  value?: number
  comment?: string
  markVersion: number
  code?: Code
  codeVersion: number
}

const EMPTY: Content = { markVersion: 0, codeVersion: 0 }

export function cellKey(lesson: string, student: string): string {
  return `${lesson}:${student}`
}

/** Marks and attendance by cell. */
export function contents(journal: Pick<Journal, 'marks' | 'attendance'>): Map<string, Content> {
  const all = new Map<string, Content>()
  for (const { lesson_id, student_id, value, comment, version } of journal.marks) {
    all.set(cellKey(lesson_id, student_id), { ...EMPTY, value, comment, markVersion: version })
  }
  for (const { lesson_id, student_id, code, version } of journal.attendance) {
    const key = cellKey(lesson_id, student_id)
    all.set(key, { ...(all.get(key) ?? EMPTY), code, codeVersion: version })
  }
  return all
}

export function contentOf(all: Map<string, Content>, lesson: string, student: string): Content {
  return all.get(cellKey(lesson, student)) ?? EMPTY
}

/** Letters of both languages, each known in the other too; then the Latin keys that bear them, and "n". */
const LETTERS: Record<string, Code> = {
  ж: 'absent_unexcused',
  н: 'absent_unexcused',
  д: 'absent_excused',
  п: 'absent_excused',
  а: 'ill',
  б: 'ill',
  к: 'late',
  о: 'late',
  n: 'absent_unexcused',
  y: 'absent_unexcused',
  ';': 'absent_unexcused',
  l: 'absent_excused',
  g: 'absent_excused',
  f: 'ill',
  ',': 'ill',
  r: 'late',
  j: 'late',
}
/** An English reader sees n e i l, and types what is seen. */
const ENGLISH: Record<string, Code> = { n: 'absent_unexcused', e: 'absent_excused', i: 'ill', l: 'late' }

export interface Key {
  key: string
  code: string
}

export type Meaning = { mark: number } | { attend: Code } | 'clear' | 'comment' | 'history' | 'restore' | undefined

/** Digits go by their place: a Kazakh keyboard has letters there. */
export function meaningOf({ key, code }: Key, language: Language): Meaning {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1] ?? /^\d$/.exec(key)?.[0]
  if (digit !== undefined) return { mark: Number(digit) || 10 }
  if (key === 'Backspace' || key === 'Delete') return 'clear'
  if (key === 'Escape') return 'restore'
  const letter = key.toLocaleLowerCase('kk')
  const attend = (language === 'en' ? ENGLISH[letter] : undefined) ?? LETTERS[letter]
  if (attend) return { attend }
  if (letter === 'c' || code === 'KeyC') return 'comment'
  if (letter === 'h' || code === 'KeyH') return 'history'
  return undefined
}

export interface Place {
  /** −1 is the head of the lessons. */
  row: number
  column: number
}

interface Steps {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
}

/** Where a key leads; nothing when it leads nowhere. */
export function moved(from: Place, { key, shiftKey, ctrlKey }: Steps, rows: number, columns: number): Place | undefined {
  const to = { ...from }
  if (key === 'ArrowUp' || (key === 'Enter' && shiftKey)) to.row -= 1
  else if (key === 'ArrowDown' || key === 'Enter') to.row += 1
  else if (key === 'ArrowLeft') to.column -= 1
  else if (key === 'ArrowRight') to.column += 1
  else if (key === 'Home') [to.row, to.column] = [ctrlKey ? 0 : from.row, 0]
  else if (key === 'End') [to.row, to.column] = [ctrlKey ? rows - 1 : from.row, columns - 1]
  else return undefined
  return { row: Math.min(Math.max(to.row, -1), rows - 1), column: Math.min(Math.max(to.column, 0), columns - 1) }
}

/** The column to begin at: the last lesson that is not to come, else the first. */
export function currentColumn(lessons: Pick<Lesson, 'date'>[], today: string): number {
  return Math.max(0, lessons.findLastIndex(({ date }) => date <= today))
}

/** Neighbouring lessons of one month. */
export function months(lessons: Lesson[]): { month: string; lessons: Lesson[] }[] {
  const groups: { month: string; lessons: Lesson[] }[] = []
  for (const lesson of lessons) {
    const month = lesson.date.slice(0, 7)
    const last = groups.at(-1)
    if (last?.month === month) last.lessons.push(lesson)
    else groups.push({ month, lessons: [lesson] })
  }
  return groups
}

/** What a cell holds, in words. */
export function contentWords(t: Translate, { value, code, comment }: Pick<Content, 'value' | 'code' | 'comment'>): string {
  const words = [value === undefined ? undefined : String(value), code && t(`common.attendance.${code}`), comment && t('journal.with-comment')].filter(Boolean)
  return words.length > 0 ? words.join(', ') : t('journal.empty')
}

/** The name of a cell: whose, when, what. */
export function cellName(t: Translate, student: Student, lesson: Lesson, content: Content): string {
  return t('journal.cell', { name: student.full_name, date: formatDate(lesson.date), number: lesson.number, content: contentWords(t, content) })
}
