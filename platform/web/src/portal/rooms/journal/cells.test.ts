import { describe, expect, it } from 'vitest'
import { contents, contentOf, currentColumn, meaningOf, months, moved } from './cells'
import type { Lesson } from './queries'

const key = (key: string, code = '') => ({ key, code })

describe('keys of a cell', () => {
  it('takes 1 to 9, and 0 as ten, by the key’s place: a Kazakh keyboard has letters there', () => {
    expect(meaningOf(key('7', 'Digit7'), 'kk')).toEqual({ mark: 7 })
    expect(meaningOf(key('ұ', 'Digit9'), 'kk')).toEqual({ mark: 9 })
    expect(meaningOf(key('0', 'Numpad0'), 'ru')).toEqual({ mark: 10 })
    expect(meaningOf(key(',', 'Digit6'), 'kk')).toEqual({ mark: 6 })
  })

  it('takes the letters of both languages and the Latin keys that bear them', () => {
    for (const letter of ['ж', 'н', 'Н', 'y', 'n', ';']) expect(meaningOf(key(letter), 'ru'), letter).toEqual({ attend: 'absent_unexcused' })
    for (const letter of ['д', 'п', 'g', 'l']) expect(meaningOf(key(letter), 'kk'), letter).toEqual({ attend: 'absent_excused' })
    for (const letter of ['а', 'б', 'f', ',']) expect(meaningOf(key(letter, 'Comma'), 'ru'), letter).toEqual({ attend: 'ill' })
    for (const letter of ['к', 'о', 'r', 'j']) expect(meaningOf(key(letter), 'kk'), letter).toEqual({ attend: 'late' })
    expect(meaningOf(key('l'), 'en')).toEqual({ attend: 'late' })
  })

  it('clears, restores, comments and looks back', () => {
    expect(meaningOf(key('Delete'), 'kk')).toBe('clear')
    expect(meaningOf(key('Backspace'), 'kk')).toBe('clear')
    expect(meaningOf(key('Escape'), 'kk')).toBe('restore')
    expect(meaningOf(key('с', 'KeyC'), 'ru')).toBe('comment')
    expect(meaningOf(key('р', 'KeyH'), 'kk')).toBe('history')
    expect(meaningOf(key('z', 'KeyZ'), 'ru')).toBeUndefined()
  })

  it('moves by arrows and Enter, and stays inside', () => {
    const step = (key: string, shiftKey = false) => ({ key, shiftKey, ctrlKey: false })
    expect(moved({ row: 0, column: 0 }, step('Enter'), 3, 3)).toEqual({ row: 1, column: 0 })
    expect(moved({ row: 2, column: 0 }, step('ArrowDown'), 3, 3)).toEqual({ row: 2, column: 0 })
    expect(moved({ row: 0, column: 0 }, step('ArrowUp'), 3, 3)).toEqual({ row: -1, column: 0 })
    expect(moved({ row: 1, column: 1 }, step('End'), 3, 3)).toEqual({ row: 1, column: 2 })
    expect(moved({ row: 1, column: 1 }, step('x'), 3, 3)).toBeUndefined()
  })
})

describe('the page of a journal', () => {
  const lesson = (id: string, date: string) => ({ id, date }) as Lesson

  it('begins at today’s lesson, or the last one before', () => {
    const lessons = [lesson('a', '2026-11-20'), lesson('b', '2026-11-23'), lesson('c', '2026-11-25')]
    expect(currentColumn(lessons, '2026-11-24')).toBe(1)
    expect(currentColumn(lessons, '2026-09-01')).toBe(0)
    expect(months([...lessons, lesson('d', '2026-12-01')]).map(({ lessons }) => lessons.length)).toEqual([3, 1])
  })

  it('holds a mark and a letter in one cell, each with its version', () => {
    const all = contents({
      marks: [{ lesson_id: 'l', student_id: 's', value: 8, max: 10, version: 3 }],
      attendance: [{ lesson_id: 'l', student_id: 's', code: 'late', version: 1 }],
    })
    expect(contentOf(all, 'l', 's')).toMatchObject({ value: 8, markVersion: 3, code: 'late', codeVersion: 1 })
    expect(contentOf(all, 'l', 'other')).toEqual({ markVersion: 0, codeVersion: 0 })
  })
})
