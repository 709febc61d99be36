import { act, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AT, openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'

const [FIRST, SECOND] = ['0198f000-0000-7000-8000-000000000001', '0198f000-0000-7000-8000-000000000002']
const guardian = reader({
  full_name: 'Нұрғалиев Серік',
  roles: ['guardian'],
  may: ['desk.family'],
  children: [
    { student_id: FIRST, full_name: 'Нұрғалиева Іңкәр', class_name: '7Ә' },
    { student_id: SECOND, full_name: 'Нұрғалиев Ұлан', class_name: '2А' },
  ],
})
const lesson = { lesson_id: '0198f000-0000-7000-8000-000000000100', number: 1, begins: '08:00', ends: '08:45', subject_kk: 'Алгебра', subject_ru: 'Алгебра', marks: [] as unknown[] }
const day = (marks: unknown[]) => ({
  student_id: FIRST,
  full_name: 'Нұрғалиева Іңкәр',
  today: { date: '2026-11-23', lessons: [{ ...lesson, marks }] },
  tomorrow: { date: '2026-11-24', lessons: [{ ...lesson, homework: '§ 12' }] },
  subjects: [{ subject_id: '0198f000-0000-7000-8000-000000000060', subject_kk: 'Алгебра', subject_ru: 'Алгебра', percent: '77.6', grade: 4, marks: [] }],
})

const open = (path: string) => openPortal(`/mektep-7${path}`, 'kk')

describe('the first page', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('shows a mark to a family as soon as the stream tells of it', async () => {
    const streams: { onmessage?: (message: { data: string }) => void; close: () => void }[] = []
    vi.stubGlobal(
      'EventSource',
      class {
        constructor() {
          streams.push(this as never)
        }
        close() {}
      },
    )
    let marks: unknown[] = []
    serve({ [`GET ${AT}/me`]: { body: guardian }, [`GET ${AT}/desk/family`]: () => ({ body: day(marks) }) })
    await open('/')
    expect(await screen.findByText('77,6 % · тоқсандық баға қазір: 4')).toBeInTheDocument()
    expect(screen.getByRole('heading', { name: 'Келесі оқу күні: сейсенбі, 24.11.2026' })).toBeInTheDocument()
    expect(screen.queryByText('Бағасы: 8/10')).not.toBeInTheDocument()
    marks = [{ date: '2026-11-23', kind: 'fo', value: 8, max: 10 }]
    act(() => streams.at(-1)?.onmessage?.({ data: JSON.stringify({ topic: 'marks', subject: FIRST }) }))
    expect(await screen.findByText('Бағасы: 8/10')).toBeInTheDocument()
  })

  it('goes from one child to the other', async () => {
    const sent = serve({ [`GET ${AT}/me`]: { body: guardian }, [`GET ${AT}/desk/family`]: { body: day([]) } })
    const { user } = await open('/')
    await user.click(await screen.findByRole('button', { name: 'Нұрғалиев Ұлан, 2А' }))
    expect(await screen.findByRole('heading', { level: 1, name: 'Нұрғалиев Ұлан' })).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Нұрғалиев Ұлан, 2А' })).toHaveAttribute('aria-pressed', 'true')
    expect(window.location.search).toContain(SECOND)
    expect(sent.filter(({ path }) => path === `${AT}/desk/family`)).toHaveLength(2)
  })

  it('lists what of setting up is not done, and puts a point off', async () => {
    const items = (state: string) => ({ items: [{ key: 'year', state: 'done', count: 1 }, { key: 'bells', state, count: 0 }] })
    const sent = serve({
      [`GET ${AT}/me`]: { body: { ...guardian, roles: ['administrator'], may: ['setup.see', 'setup.edit'], children: [] } },
      [`GET ${AT}/desk/setup`]: { body: items('todo') },
      [`POST ${AT}/desk/setup/postponement`]: { body: items('postponed') },
    })
    const { user } = await open('/')
    expect(await screen.findByRole('link', { name: 'Қоңырауларды енгізу' })).toHaveAttribute('href', '/mektep-7/bells')
    await user.click(screen.getByRole('button', { name: 'Кейінге қалдыру: Қоңырау кестесі' }))
    expect(await screen.findByText('кейінге қалдырылды')).toBeInTheDocument()
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({ key: 'bells', postponed: true })
  })
})
