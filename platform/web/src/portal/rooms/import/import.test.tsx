import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { AT, openPortal, reader } from '~/testing/portal'
import { serve, type Sent } from '~/testing/show'

const ID = '0198f000-0000-7000-8000-000000000011'
const FIRST = '0198f000-0000-7000-8000-000000000021'
const SECOND = '0198f000-0000-7000-8000-000000000022'
const me = reader({ full_name: 'Сұлтанова Айгүл Бекқызы', may: ['import.run', 'people.search', 'person.add', 'sheet.issue', 'credential.board'] })
const columns = [
  { heading: 'Тегі', field: 'surname' },
  { heading: 'Туған күні', field: 'birth_date' },
  { heading: 'Ескерту' },
]
const students = { name: 'Оқушылар', subject: 'students', columns, rows: 2 }
const counts = { new: 0, changed: 0, same: 0, joined: 0, error: 0, skipped: 0 }
const open_ = {
  id: ID,
  state: 'checked',
  file_name: 'тізім.xlsx',
  source: 'own',
  tables: [students],
  counts: { ...counts, new: 1, error: 2 },
  done: 0,
  total: 0,
  version: 1,
  requested_by: me.full_name,
  created_at: '2026-11-23T05:00:00Z',
  rows_until: '2026-11-30T05:00:00Z',
}
const faulty = (id: string, number: number) => ({
  id,
  table: 0,
  number,
  cells: ['Әбенов', '31.02.2012', ''],
  outcome: 'error',
  faults: [{ field: 'birth_date', code: 'date-invalid' }],
  notes: [],
  changes: [],
})
const newRow = { ...faulty(FIRST, 2), cells: ['Әбенов', '01.02.2012', ''], outcome: 'new', faults: [] }
const rows = [faulty(FIRST, 2), faulty(SECOND, 3)]
const common = { [`GET ${AT}/me`]: { body: me }, [`GET ${AT}/classes`]: { body: [] } }
const one = (body: object) => ({ ...common, [`GET ${AT}/imports/${ID}`]: { body }, [`GET ${AT}/imports/${ID}/rows`]: { body: { count: rows.length, rows } } })

const open = (path: string) => openPortal(`/mektep-7${path}`, 'kk')

const sentTo = (sent: Sent[], method: string, path: string) => sent.filter((one) => one.method === method && one.path === `${AT}${path}`)
const fileField = (container: HTMLElement) => container.querySelector<HTMLInputElement>('input[type=file]')!

async function expectAccessible(container: HTMLElement) {
  // Colours are seen in the browser walk.
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } })
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
}

// The page is read anew for each test, and axe takes its time.
describe('the import', { timeout: 90_000 }, () => {
  it('stands beside “Add” for who may run it, and for nobody else', async () => {
    const people = { [`POST ${AT}/people/search`]: { body: { count: 0, people: [] } } }
    serve({ ...common, ...people })
    const { unmount } = await open('/people')
    expect((await screen.findAllByRole('link', { name: 'Файлдан енгізу' }))[0]).toHaveAttribute('href', '/mektep-7/import')
    unmount()
    serve({ ...common, ...people, [`GET ${AT}/me`]: { body: { ...me, may: ['people.search', 'person.add'] } } })
    await open('/people')
    expect((await screen.findAllByRole('button', { name: 'Қызметкер қосу' })).length).toBeGreaterThan(0)
    expect(screen.queryByRole('link', { name: 'Файлдан енгізу' })).toBeNull()
  })

  it('refuses a file at its field, in the browser and by the server, and keeps what was typed', async () => {
    const sent = serve({
      ...common,
      [`GET ${AT}/imports`]: { body: [] },
      [`POST ${AT}/imports`]: { status: 422, body: { code: 'import.formula', title: 'Ұяшықта формула тұр.', status: 422, detail: 'Оқушылар!B7' } },
    })
    const { user, container } = await open('/import')
    await user.click(await screen.findByRole('radio', { name: 'Басқа электрондық күнделіктен' }))
    const large = new File(['x'], 'large.xlsx')
    Object.defineProperty(large, 'size', { value: 10 * 1024 * 1024 + 1 })
    await user.upload(fileField(container), large)
    await user.click(screen.getByRole('button', { name: 'Файлды тексеру' }))
    expect((await screen.findAllByText(/Файл 10 МБ-тан үлкен/)).length).toBeGreaterThan(0)
    expect(screen.getAllByText(/Құқықтық негізі/).length).toBeGreaterThan(1)
    expect(sentTo(sent, 'POST', '/imports')).toEqual([])
    await user.type(screen.getByLabelText(/Құқықтық негізі/), '01.09.2026 № 5 бұйрық')
    await user.upload(fileField(container), new File(['a;b'], 'тізім.csv'))
    await user.click(screen.getByRole('button', { name: 'Файлды тексеру' }))
    expect((await screen.findAllByText(/Ұяшықта формула тұр\. \(Оқушылар!B7\)/)).length).toBeGreaterThan(0)
    const body = { file_name: 'тізім.csv', content: btoa('a;b'), source: 'other_diary', legal_basis: '01.09.2026 № 5 бұйрық' }
    expect(sentTo(sent, 'POST', '/imports')[0]?.body).toEqual(body)
    expect(screen.getByLabelText(/Құқықтық негізі/)).toHaveValue('01.09.2026 № 5 бұйрық')
    expect(screen.getByRole('radio', { name: 'Басқа электрондық күнделіктен' })).toBeChecked()
    expect(screen.getByText('тізім.csv')).toBeInTheDocument()
    await expectAccessible(container)
  })

  it('goes to the errors of a file that was read; a dropped file is taken too', async () => {
    serve({ ...one(open_), [`GET ${AT}/imports`]: { body: [] }, [`POST ${AT}/imports`]: { body: open_ } })
    const { user } = await open('/import')
    await user.click(await screen.findByRole('radio', { name: 'Мектептің өз тізімдерінен' }))
    fireEvent.drop(screen.getByLabelText('Файл'), { dataTransfer: { files: [new File(['a;b'], 'тізім.csv')] } })
    await user.click(screen.getByRole('button', { name: 'Файлды тексеру' }))
    expect(await screen.findByRole('heading', { level: 1, name: 'тізім.xlsx' })).toBeInTheDocument()
    expect(window.location.search).toContain(ID)
    expect(window.location.search).toContain('outcome=error')
  })

  it('has errors mended where they stand, and goes on to the next one', async () => {
    let state = { ...open_ }
    let left = rows
    const sent = serve({
      ...one(open_),
      [`GET ${AT}/imports/${ID}`]: () => ({ body: state }),
      [`GET ${AT}/imports/${ID}/rows`]: () => ({ body: { count: left.length, rows: left } }),
      [`PUT ${AT}/imports/${ID}/rows/${FIRST}`]: () => {
        state = { ...open_, version: 2, counts: { ...counts, new: 2, error: 1 } }
        left = [faulty(SECOND, 3)]
        return { body: { row: newRow, import: state } }
      },
    })
    const { user, container } = await open(`/import?id=${ID}&outcome=error`)
    const first = within(await screen.findByRole('form', { name: '2-жол' }))
    expect(first.getByText('қатесі бар')).toBeInTheDocument()
    const cell = first.getByLabelText('Туған күні')
    expect(cell).toHaveAccessibleDescription(/Мұндай күн жоқ/)
    expect(screen.getByRole('button', { name: 'Мектепке енгізу' })).toBeDisabled()
    expect(screen.getByText(/Қатесі бар 2 жол қалды/)).toBeInTheDocument()
    await expectAccessible(container)
    await user.clear(cell)
    await user.type(cell, '01.02.2012{Enter}')
    await waitFor(() => expect(screen.queryByRole('form', { name: '2-жол' })).toBeNull())
    expect(sentTo(sent, 'PUT', `/imports/${ID}/rows/${FIRST}`)[0]?.body).toEqual({ cells: ['Әбенов', '01.02.2012', ''], skipped: false })
    await waitFor(() => expect(within(screen.getByRole('form', { name: '3-жол' })).getByLabelText('Туған күні')).toHaveFocus())
    expect(screen.getByText(/Қатесі бар 1 жол қалды/)).toBeInTheDocument()
  })

  it('keeps what was typed when the line breaks, and sends it again with the same key', async () => {
    let answers = 0
    const sent = serve({
      ...one(open_),
      [`PUT ${AT}/imports/${ID}/rows/${FIRST}`]: () => {
        answers += 1
        return answers === 1 ? new Error('line cut') : { body: { row: newRow, import: { ...open_, counts: { ...counts, new: 2, error: 1 } } } }
      },
    })
    const { user } = await open(`/import?id=${ID}`)
    const first = within(await screen.findByRole('form', { name: '2-жол' }))
    await user.clear(first.getByLabelText('Туған күні'))
    await user.type(first.getByLabelText('Туған күні'), '05.06.2012')
    await user.click(first.getByRole('button', { name: 'Сақтау: 2-жол' }))
    expect(await first.findByText('Сервермен байланыс жоқ')).toBeInTheDocument()
    expect(first.getByLabelText('Туған күні')).toHaveValue('05.06.2012')
    await user.click(first.getByRole('button', { name: 'Сақтау: 2-жол' }))
    await waitFor(() => expect(sentTo(sent, 'PUT', `/imports/${ID}/rows/${FIRST}`)).toHaveLength(2))
    const [once, again] = sentTo(sent, 'PUT', `/imports/${ID}/rows/${FIRST}`)
    expect(again?.headers.get('idempotency-key')).toBe(once?.headers.get('idempotency-key'))
  })

  it('shows what changes, what is odd and which row it is about; a row is left out and taken in again', async () => {
    const changed = {
      ...newRow,
      outcome: 'changed',
      changes: [{ field: 'phone', before: '+77010000000', after: '+77020000000' }],
      notes: [{ code: 'import-namesake' }],
    }
    const twice = { ...faulty(SECOND, 3), faults: [{ code: 'import-twice' }, { field: 'sex', code: 'required' }], other: 2 }
    const skipped = { ...newRow, id: `${ID.slice(0, -2)}33`, number: 4, outcome: 'skipped' }
    const sent = serve({
      ...one(open_),
      [`GET ${AT}/imports/${ID}/rows`]: { body: { count: 3, rows: [changed, twice, skipped] } },
      [`PUT ${AT}/imports/${ID}/rows/${FIRST}`]: { body: { row: { ...changed, outcome: 'skipped' }, import: open_ } },
    })
    const { user } = await open(`/import?id=${ID}`)
    const first = await screen.findByRole('form', { name: '2-жол' })
    expect(first).toHaveTextContent('Телефоны: +77010000000 → +77020000000')
    expect(first).toHaveTextContent('аты-жөні бірдей басқа адам бар')
    const second = screen.getByRole('form', { name: '3-жол' })
    expect(second).toHaveTextContent('2-жолды қараңыз')
    expect(second).toHaveTextContent('Жынысы: Толтырыңыз. Бұл парақта мұндай баған жоқ.')
    await user.click(within(first).getByRole('button', { name: 'Түзету: 2-жол' }))
    await user.clear(within(first).getByLabelText('Тегі'))
    await user.type(within(first).getByLabelText('Тегі'), 'Бөкенов')
    await user.click(within(first).getByRole('button', { name: 'Алып тастау: 2-жол' }))
    await waitFor(() => expect(sentTo(sent, 'PUT', `/imports/${ID}/rows/${FIRST}`)[0]?.body).toEqual({ cells: ['Бөкенов', '01.02.2012', ''], skipped: true }))
    expect(screen.getByRole('button', { name: 'Қайта қосу: 4-жол' })).toBeInTheDocument()
  })

  it('names the sheet of a row that is about the same person, where it is another one', async () => {
    const joined = { ...newRow, outcome: 'joined', other: 7, other_table: 1 }
    serve({
      ...one({ ...open_, tables: [students, { ...students, name: 'Қызметкерлер', subject: 'staff' }] }),
      [`GET ${AT}/imports/${ID}/rows`]: { body: { count: 1, rows: [joined] } },
    })
    await open(`/import?id=${ID}`)
    expect(await screen.findByRole('form', { name: 'Оқушылар · 2-жол' })).toHaveTextContent('«Қызметкерлер» парағындағы 7-жолды қараңыз')
  })

  it('says which sheet is not read, and takes what its columns mean', async () => {
    const unknown = { name: 'Лист1', columns: [{ heading: 'Кто' }, { heading: '' }], rows: 5 }
    const sent = serve({
      ...one({ ...open_, tables: [students, unknown] }),
      [`PUT ${AT}/imports/${ID}/columns`]: { body: { ...open_, version: 2, tables: [students, { ...unknown, subject: 'staff' }] } },
    })
    const { user, container } = await open(`/import?id=${ID}`)
    expect(await screen.findByText('Бұл парақ оқылмайды')).toBeInTheDocument()
    expect(screen.getByText('Оқылмайтын бағандар: Ескерту')).toBeInTheDocument()
    const form = within(screen.getByRole('form', { name: 'Бағандарды көрсету: Лист1' }))
    await user.selectOptions(form.getByLabelText('Бұл парақ кімдер туралы'), 'қызметкерлер')
    await user.selectOptions(form.getByLabelText('Кто'), 'Толық аты-жөні')
    await user.selectOptions(form.getByLabelText('2-баған'), 'Толық аты-жөні')
    await user.click(form.getByRole('button', { name: 'Қолданып, қайта тексеру' }))
    expect(form.getAllByText('Бұл мән басқа бағанға да таңдалған')).toHaveLength(2)
    expect(sentTo(sent, 'PUT', `/imports/${ID}/columns`)).toEqual([])
    await user.selectOptions(form.getByLabelText('2-баған'), 'Жынысы')
    await expectAccessible(container)
    await user.click(form.getByRole('button', { name: 'Қолданып, қайта тексеру' }))
    await waitFor(() =>
      expect(sentTo(sent, 'PUT', `/imports/${ID}/columns`)[0]?.body).toEqual({ version: 1, table: 1, subject: 'staff', fields: ['full_name', 'sex'] }),
    )
  })

  it('enters everything after a question, shows how far it is, and the way on', async () => {
    let now: object = { ...open_, counts: { ...counts, new: 7, changed: 2 } }
    const sent = serve({
      ...one(now),
      [`GET ${AT}/imports/${ID}`]: () => ({ body: now }),
      [`POST ${AT}/imports/${ID}/commit`]: () => {
        now = { ...now, state: 'running', done: 3, total: 9, version: 2 }
        return { body: now }
      },
    })
    const { user } = await open(`/import?id=${ID}`)
    await user.click(await screen.findByRole('button', { name: 'Мектепке енгізу' }))
    const question = within(await screen.findByRole('dialog'))
    expect(question.getByText(/7 адам енгізіледі, 2 адамның дерегі өзгереді/)).toBeInTheDocument()
    await user.click(question.getByRole('button', { name: 'Енгізу' }))
    const bar = await screen.findByRole('progressbar', { name: 'Енгізіліп жатыр' })
    expect(bar).toHaveAttribute('aria-valuenow', String((100 * 3) / 9))
    expect(screen.getByText('Дайын: 9 жолдың 3')).toBeInTheDocument()
    expect(sentTo(sent, 'POST', `/imports/${ID}/commit`)[0]?.body).toEqual({ version: 1 })
    now = { ...now, state: 'done', done: 9, committed_at: '2026-11-23T05:01:00Z' }
    expect(await screen.findByText(/Енгізілді: 7, өзгертілді: 2/, {}, { timeout: 5_000 })).toBeInTheDocument()
    expect(screen.getByRole('link', { name: 'Парақтарды басып шығару' })).toHaveAttribute('href', '/mektep-7/credentials')
    expect(screen.getByRole('link', { name: 'Адамдарды көрсету' })).toHaveAttribute('href', '/mektep-7/people?kind=student')
  })

  it('says why a run ended without its work', async () => {
    serve(one({ ...open_, error: 'import.changed' }))
    await open(`/import?id=${ID}`)
    expect(await screen.findByRole('alert')).toHaveTextContent('мектептің деректерін біреу өзгертті')
  })

  it('takes everything back after the number was typed, and says on how many people something depends', async () => {
    const sent = serve({
      ...one({ ...open_, state: 'done', counts: { ...counts, new: 7, changed: 2 }, committed_at: '2026-11-23T05:01:00Z', version: 4 }),
      [`POST ${AT}/imports/${ID}/undo`]: { status: 409, body: { code: 'import.depended-on', title: 'Басқа жазбалар бар.', status: 409, detail: '3' } },
    })
    const { user } = await open(`/import?id=${ID}`)
    await user.click(await screen.findByRole('button', { name: 'Импортты қайтару' }))
    const question = within(await screen.findByRole('dialog'))
    expect(question.getByRole('button', { name: 'Қайтару' })).toBeDisabled()
    await user.type(question.getByRole('textbox'), '9')
    await user.click(question.getByRole('button', { name: 'Қайтару' }))
    expect(await question.findByText('3 адам туралы басқа жазба бар.')).toBeInTheDocument()
    expect(sentTo(sent, 'POST', `/imports/${ID}/undo`)[0]?.body).toEqual({ version: 4 })
  })

  it('has words for every remark that the server makes of a row', () => {
    const words = JSON.parse(readFileSync(join(import.meta.dirname, '../../../locales/kk/import.json'), 'utf8')) as Record<string, string>
    const room = (path: string) => readFileSync(join(import.meta.dirname, '../../../../../../tenants', path), 'utf8')
    const source = room('people/src/intake/weighing.rs') + room('import/src/sheet/reading.rs')
    const codes = [...source.matchAll(/"(import-[a-z-]+)"/g)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(8)
    expect(codes.filter((code) => !words[`import.remark.${code ?? ''}`])).toEqual([])
  })
})
