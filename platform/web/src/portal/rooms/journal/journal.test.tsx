import { useQuery } from '@tanstack/react-query'
import { act, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { queryClient } from '~/portal/api'
import { serve, show } from '~/testing/show'
import { loadWords } from '~/testing/words'
import { Open } from './JournalPage'
import { journalPage, type Journal } from './queries'

const asked = { class_id: 'c', subject_id: 's' }
const MARKS = 'PUT /api/portal/journal/marks'
const ATTENDANCE = 'PUT /api/portal/journal/attendance'

const journal = (some: Partial<Journal> = {}): Journal => ({
  class_id: 'c',
  class_name: '7Ә',
  subject_id: 's',
  subject_kk: 'Математика',
  subject_ru: 'Математика',
  period: { id: 'p', name_kk: '2-тоқсан', name_ru: '2 четверть', begins: '2026-11-09', ends: '2026-12-30' },
  periods: [],
  today: '2026-11-23',
  may_edit: true,
  graded: true,
  students: [
    { id: 'a', full_name: 'Ахметов Әли', percent: '80.0', grade: 4 },
    { id: 'b', full_name: 'Сұлтанова Айгүл' },
  ],
  lessons: [
    { id: 'l1', date: '2026-11-20', number: 2, begins: '08:50', ends: '09:35', roll_taken: true, version: 1 },
    { id: 'l2', date: '2026-11-23', number: 3, begins: '09:45', ends: '10:30', roll_taken: false, version: 1 },
    { id: 'l3', date: '2026-11-25', number: 2, begins: '08:50', ends: '09:35', roll_taken: false, version: 1, lock: { code: 'journal.lesson-not-held', title: 'Сабақ әлі өткен жоқ' } },
  ],
  marks: [{ lesson_id: 'l1', student_id: 'a', value: 8, max: 10, version: 2 }],
  attendance: [],
  ...some,
})

function Shown() {
  const page = useQuery({ ...journalPage(asked), staleTime: Infinity })
  return page.data ? <Open journal={page.data} asked={asked} /> : null
}

function open(page: Journal = journal()) {
  queryClient.setQueryData(journalPage(asked).queryKey, page)
  return show(<Shown />, { language: 'kk', queries: queryClient })
}

const cell = (name: RegExp) => screen.getByRole('gridcell', { name })

beforeEach(() => queryClient.clear())

describe('the grid', () => {
  it('saves a mark at the key, shows it saved at the cell and says so', async () => {
    const sent = serve({ [MARKS]: { body: { lesson_id: 'l2', student_id: 'a', value: 10, max: 10, version: 1, percent: '90.0', grade: 5 } } })
    const { user } = open()
    await user.click(cell(/Ахметов Әли, 23.11.2026, 3-сабақ: бос/))
    await user.keyboard('0')
    expect(await screen.findByText('Сақталды: Ахметов Әли, 10')).toBeInTheDocument()
    act(() => loadWords('portal', 'ru'))
    screen.getByText('Сохранено: Ахметов Әли, 10')
    act(() => loadWords('portal', 'kk'))
    expect(cell(/Ахметов Әли, 23.11.2026, 3-сабақ: 10/)).toHaveAttribute('data-state', 'saved')
    expect(screen.getByText('90,0')).toBeInTheDocument()
    expect(sent[0]?.body).toEqual({ lesson_id: 'l2', student_id: 'a', value: 10, version: 0 })
  })

  it('takes absence by the letters of the keyboard, moves by Enter, and clears', async () => {
    const sent = serve({ [ATTENDANCE]: ({ body }) => ({ body: { ...(body as object), version: (body as { version: number }).version + 1 } }) })
    const { user } = open()
    await user.click(cell(/Ахметов Әли, 23.11.2026/))
    await user.keyboard('н')
    expect(await screen.findByText('Сақталды: Ахметов Әли, себепсіз келмеді')).toBeInTheDocument()
    expect(cell(/Ахметов Әли, 23.11.2026/)).toHaveTextContent('ж')
    await user.keyboard('{Enter}')
    expect(cell(/Сұлтанова Айгүл, 23.11.2026/)).toHaveFocus()
    await user.keyboard('{ArrowUp}{Backspace}')
    await waitFor(() => expect(sent).toHaveLength(2))
    expect(sent[1]?.body).toEqual({ lesson_id: 'l2', student_id: 'a', version: 1 })
  })

  it('restores by Escape what stood there when one came', async () => {
    const sent = serve({ [MARKS]: ({ body }) => ({ body: { max: 10, ...(body as object), version: (body as { version: number }).version + 1 } }) })
    const { user } = open()
    await user.click(cell(/Ахметов Әли, 20.11.2026, 2-сабақ: 8/))
    await user.keyboard('3')
    await waitFor(() => expect(sent).toHaveLength(1))
    await user.keyboard('{Escape}')
    await waitFor(() => expect(cell(/Ахметов Әли, 20.11.2026/)).toHaveTextContent('8'))
    await waitFor(() => expect(sent[1]?.body).toMatchObject({ value: 8, version: 3 }))
  })

  it('shows at the cell who was quicker, and what stands there', async () => {
    let first = true
    const sent = serve({
      [MARKS]: ({ body }) => {
        if (!first) return { body: { max: 10, ...(body as object), version: 4 } }
        first = false
        const conflict = { by: 'Есенов Дәулет', at: '2026-11-23T05:00:00Z', value: '5', version: 3 }
        return { status: 409, body: { code: 'journal.cell-changed', title: 'Басқа адам өзгертіп үлгерген', status: 409, conflict } }
      },
    })
    const { user } = open()
    await user.click(cell(/Ахметов Әли, 20.11.2026/))
    await user.keyboard('9')
    expect(await screen.findByRole('alert')).toHaveTextContent('Мұнда тұрғаны: 5. Өзгерткен: Есенов Дәулет, 23.11.2026 10:00')
    expect(cell(/Ахметов Әли, 20.11.2026, 2-сабақ: 5. Сақталмады/)).toHaveAttribute('data-state', 'refused')
    await user.click(screen.getByRole('button', { name: 'Менікін қою' }))
    await waitFor(() => expect(sent[1]?.body).toMatchObject({ value: 9, version: 3 }))
  })

  it('goes on by itself where only the version was behind: a cell that was cleared before', async () => {
    const sent = serve({
      [MARKS]: ({ body }) =>
        (body as { version: number }).version === 0
          ? { status: 409, body: { code: 'journal.cell-changed', title: '', status: 409, conflict: { at: '2026-11-23T05:00:00Z', value: '', version: 2 } } }
          : { body: { max: 10, ...(body as object), version: 3 } },
    })
    const { user } = open()
    await user.click(cell(/Сұлтанова Айгүл, 20.11.2026/))
    await user.keyboard('7')
    expect(await screen.findByText('Сақталды: Сұлтанова Айгүл, 7')).toBeInTheDocument()
    expect(sent.map(({ body }) => (body as { version: number }).version)).toEqual([0, 2])
  })

  it('says by which rule a cell is locked, and sends nothing', async () => {
    const sent = serve({})
    const { user } = open()
    await user.click(cell(/Ахметов Әли, 25.11.2026/))
    await user.keyboard('7')
    expect(await screen.findByRole('alert')).toHaveTextContent('Сабақ әлі өткен жоқ')
    expect(cell(/Ахметов Әли, 25.11.2026.*Сабақ әлі өткен жоқ/)).toHaveAttribute('aria-readonly', 'true')
    expect(sent).toHaveLength(0)
  })

  it('has no marks in grade 1, only attendance', async () => {
    const sent = serve({})
    const { user } = open(journal({ graded: false, marks: [] }))
    expect(screen.queryByRole('columnheader', { name: 'Ағымдағы пайыз' })).not.toBeInTheDocument()
    await user.click(cell(/Ахметов Әли, 23.11.2026/))
    await user.keyboard('7')
    expect(await screen.findByRole('alert')).toHaveTextContent('Бірінші сыныпта баға қойылмайды')
    expect(sent).toHaveLength(0)
  })

  it('keeps a comment with the mark', async () => {
    const sent = serve({ [MARKS]: ({ body }) => ({ body: { max: 10, ...(body as object), version: 3 } }) })
    const { user } = open()
    await user.click(cell(/Ахметов Әли, 20.11.2026/))
    await user.keyboard('c')
    await user.type(await screen.findByRole('textbox', { name: 'Бағаға түсініктеме' }), 'Жақсы')
    await user.click(screen.getByRole('button', { name: 'Сақтау' }))
    await waitFor(() => expect(sent[0]?.body).toEqual({ lesson_id: 'l1', student_id: 'a', value: 8, comment: 'Жақсы', version: 2 }))
    expect(cell(/Ахметов Әли, 20.11.2026/)).toHaveFocus()
  })

  it('opens topic, homework and the roll at the head of a lesson', async () => {
    const sent = serve({
      'PUT /api/portal/lessons/l2': { body: {} },
      'PUT /api/portal/journal/roll': { body: { lesson_id: 'l2', taken_at: '2026-11-23T05:00:00Z' } },
    })
    const { user } = open()
    await user.click(screen.getByRole('button', { name: /23.11.2026, 3-сабақ/ }))
    await user.click(await screen.findByRole('button', { name: 'Түгенделді деп белгілеу' }))
    await waitFor(() => expect(sent[0]?.body).toEqual({ lesson_id: 'l2' }))
    await user.type(screen.getByRole('textbox', { name: 'Сабақтың тақырыбы' }), 'Бөлшектер')
    await user.click(screen.getByRole('button', { name: 'Сабақты сақтау' }))
    await waitFor(() => expect(sent.find(({ path }) => path.endsWith('/lessons/l2'))?.body).toEqual({ version: 1, topic: 'Бөлшектер' }))
  })
})
