// Cells being saved: each write goes at once, one after another within a cell; what was typed last wins.
// A write ends as saved or refused, and says so at its cell.
import { useCallback, useRef, useState } from 'react'
import { isProblem, type Problem } from '~/api/problem'
import { client, queryClient } from '~/portal/api'
import { cellKey, contentOf, contents, type Code, type Content } from './cells'
import { journalPage, type Asked, type Journal } from './queries'

export type Wanted = { lesson: string; student: string } & (
  | { kind: 'mark'; value?: number; comment?: string }
  | { kind: 'attendance'; code?: Code }
)

export type Writing = Wanted & { state: 'saving' | 'saved' | 'refused'; error?: unknown }

export interface CellWriting {
  mark?: Writing & { kind: 'mark' }
  attendance?: Writing & { kind: 'attendance' }
}

export type Writings = ReadonlyMap<string, CellWriting>

/** What a cell shows: what is on its way stands before what was saved. */
export function shown(saved: Content, writing: CellWriting | undefined): Content {
  let now = saved
  if (writing?.mark?.state === 'saving') now = { ...now, value: writing.mark.value, comment: writing.mark.comment }
  if (writing?.attendance?.state === 'saving') now = { ...now, code: writing.attendance.code }
  return now
}

export function stateOf(writing: CellWriting | undefined): Writing['state'] | undefined {
  const states = [writing?.mark?.state, writing?.attendance?.state]
  return (['refused', 'saving', 'saved'] as const).find((state) => states.includes(state))
}

export function refusedOf(writing: CellWriting | undefined): Writing | undefined {
  return [writing?.mark, writing?.attendance].find((one) => one?.state === 'refused')
}

interface Line {
  next?: Wanted
  busy: boolean
}

export function useWriting(asked: Asked, onSaved: (saved: Wanted) => void) {
  const [writings, setWritings] = useState<Writings>(new Map())
  const lines = useRef(new Map<string, Line>())

  const note = useCallback((wanted: Wanted, writing: Writing | undefined) => {
    setWritings((all) => {
      const key = cellKey(wanted.lesson, wanted.student)
      return new Map(all).set(key, { ...all.get(key), [wanted.kind]: writing })
    })
  }, [])

  const write = useCallback(
    async (wanted: Wanted) => {
      const key = `${wanted.kind}:${cellKey(wanted.lesson, wanted.student)}`
      const line = lines.current.get(key) ?? { busy: false }
      lines.current.set(key, line)
      line.next = wanted
      note(wanted, { ...wanted, state: 'saving' })
      if (line.busy) return
      line.busy = true
      while (line.next) {
        const now: Wanted = line.next
        line.next = undefined
        try {
          await send(asked, now)
          if (!line.next) {
            note(now, { ...now, state: 'saved' })
            onSaved(now)
          }
        } catch (error) {
          line.next = undefined
          note(now, { ...now, state: 'refused', error })
        }
      }
      line.busy = false
    },
    [asked, note, onSaved],
  )

  /** A refusal that was dealt with. */
  const drop = useCallback((wanted: Wanted) => note(wanted, undefined), [note])

  return { writings, write, drop }
}

type Patch = (journal: Journal) => Journal

async function lay(asked: Asked, patch: Patch) {
  const { queryKey } = journalPage(asked)
  // A read that began before the write must not stand over it.
  await queryClient.cancelQueries({ queryKey })
  queryClient.setQueryData<Journal>(queryKey, (journal) => journal && patch(journal))
}

function held(asked: Asked, { lesson, student }: Wanted): Content {
  const journal = queryClient.getQueryData<Journal>(journalPage(asked).queryKey)
  return contentOf(journal ? contents(journal) : new Map(), lesson, student)
}

async function send(asked: Asked, wanted: Wanted, version = versionOf(held(asked, wanted), wanted)): Promise<void> {
  try {
    await (wanted.kind === 'mark' ? sendMark(asked, wanted, version) : sendAttendance(asked, wanted, version))
  } catch (error) {
    if (!isProblem(error) || error.status !== 409 || !error.conflict) throw error
    const before = held(asked, wanted)
    const standing = error.conflict.value === undefined ? '' : String(error.conflict.value)
    const newer = error.conflict.version
    await learn(asked, wanted, error)
    // The same stands there as when the edit began (a cell that was filled and cleared again): nobody's work is lost.
    if (newer !== undefined && newer !== version && standing === textOf(before, wanted)) return send(asked, wanted, newer)
    throw error
  }
}

function versionOf(content: Content, { kind }: Wanted): number {
  return kind === 'mark' ? content.markVersion : content.codeVersion
}

function textOf(content: Content, { kind }: Wanted): string {
  return String((kind === 'mark' ? content.value : content.code) ?? '')
}

async function sendMark(asked: Asked, wanted: Wanted & { kind: 'mark' }, version: number) {
  const { lesson: lesson_id, student: student_id, value, comment } = wanted
  const { data } = await client.PUT('/journal/marks', { body: { lesson_id, student_id, value, comment: value === undefined ? undefined : comment, version } })
  if (!data) return
  await lay(asked, (journal) => ({
    ...journal,
    marks: [...journal.marks.filter((mark) => !same(mark, wanted)), data],
    students: journal.students.map((one) => (one.id === student_id ? { ...one, percent: data.percent, grade: data.grade } : one)),
  }))
}

async function sendAttendance(asked: Asked, wanted: Wanted & { kind: 'attendance' }, version: number) {
  const { lesson: lesson_id, student: student_id, code } = wanted
  const { data } = await client.PUT('/journal/attendance', { body: { lesson_id, student_id, code, version } })
  if (!data) return
  await lay(asked, (journal) => ({ ...journal, attendance: [...journal.attendance.filter((one) => !same(one, wanted)), data] }))
}

function same(one: { lesson_id: string; student_id: string }, { lesson, student }: Wanted): boolean {
  return one.lesson_id === lesson && one.student_id === student
}

/** What stands there instead is shown at once; the rest of the page follows by itself. */
async function learn(asked: Asked, wanted: Wanted, { conflict }: Problem) {
  if (conflict?.version === undefined) return
  const { version } = conflict
  const text = conflict.value === undefined ? '' : String(conflict.value)
  const { lesson: lesson_id, student: student_id } = wanted
  await lay(asked, (journal) =>
    wanted.kind === 'mark'
      ? {
          ...journal,
          marks: [...journal.marks.filter((mark) => !same(mark, wanted)), { lesson_id, student_id, value: Number(text) || undefined, max: 10, version }],
        }
      : {
          ...journal,
          attendance: [...journal.attendance.filter((one) => !same(one, wanted)), { lesson_id, student_id, code: (text || undefined) as Code | undefined, version }],
        },
  )
}
