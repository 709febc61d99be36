// A student goes to another school: the school is confirmed by its name, the guardians are chosen, the file is taken back.
import { act, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AT, openPortal, reader, student } from '~/testing/portal'
import { serve } from '~/testing/show'
import { loadWords } from '~/testing/words'

const AYAN = '0198f000-0000-7000-8000-000000000003'
const MOTHER = '0198f000-0000-7000-8000-000000000004'
const FATHER = '0198f000-0000-7000-8000-000000000005'
const ID = '0198f000-0000-7000-8000-00001a2b3c4d'
const me = reader({ may: ['people.search', 'person.see', 'transfer.send'] })
const ayan = student({
  id: AYAN,
  guardians: [
    { id: MOTHER, full_name: 'Тілеуова Гүлнар', relation: 'mother' },
    { id: FATHER, full_name: 'Тілеуов Серік', relation: 'father' },
  ],
})
const transfer = {
  id: ID,
  number: '1A2B3C4D',
  state: 'issued',
  to_kk: '№ 12 мектеп',
  to_ru: 'Школа № 12',
  guardians: 1,
  issued_by: 'Әлиева Анар',
  issued_at: '2026-11-23T05:00:00Z',
  expires_at: '2026-12-23T05:00:00Z',
}

const open = () => openPortal(`/mektep-7/people?kind=student&person=${AYAN}`, 'en')

const ready = (list: () => object[]) => ({
  [`GET ${AT}/me`]: { body: me },
  [`GET ${AT}/people/${AYAN}`]: { body: ayan },
  [`GET ${AT}/classes`]: { body: [] },
  [`POST ${AT}/people/search`]: { body: { count: 0, people: [] } },
  [`GET ${AT}/people/${AYAN}/transfers`]: () => ({ body: list() }),
})

describe('a transfer to another school', () => {
  const saved: string[] = []
  beforeEach(() => {
    saved.length = 0
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:1', revokeObjectURL: () => undefined }))
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download)
    })
  })
  afterEach(() => vi.restoreAllMocks())

  it('names the school, shows its name, lets guardians be left out, and downloads a file that names nobody', async () => {
    let list: object[] = []
    const sent = serve({
      ...ready(() => list),
      [`GET ${AT}/transfers/school`]: { body: { slug: 'mektep-12', name_kk: '№ 12 мектеп', name_ru: 'Школа № 12', city: 'Астана' } },
      [`POST ${AT}/people/${AYAN}/transfers`]: () => {
        list = [transfer]
        return { body: transfer }
      },
      [`GET ${AT}/transfers/${ID}/file`]: { body: 'sealed', headers: { 'content-disposition': 'attachment; filename="transfer-1A2B3C4D.kundelik"' } },
    })
    const { user } = await open()
    await user.click(await screen.findByRole('button', { name: 'Make a transfer file' }, { timeout: 5_000 }))
    await user.type(screen.getByLabelText(/Address of the receiving school/), 'mektep-12')
    await user.click(screen.getByRole('button', { name: 'Find the school' }))
    await screen.findByText('Школа № 12')
    screen.getByText('Астана · mektep-12')
    await user.click(screen.getByRole('checkbox', { name: /Тілеуов Серік/ }))
    await user.click(screen.getByRole('button', { name: 'Make the file and download it' }))
    await screen.findByText('Waits: it may be accepted until 23.12.2026')
    expect(sent.find(({ method, path }) => method === 'POST' && path.endsWith('/transfers'))?.body).toEqual({ to: 'mektep-12', guardian_ids: [MOTHER] })
    expect(saved).toEqual(['transfer-1A2B3C4D.kundelik'])
    expect(screen.queryByRole('button', { name: 'Make a transfer file' })).toBeNull()
  })

  it('takes the file back after a question, and says how it ended', async () => {
    let list: object[] = [transfer]
    serve({
      ...ready(() => list),
      [`POST ${AT}/transfers/${ID}/withdraw`]: () => {
        list = [{ ...transfer, state: 'withdrawn', ended_at: '2026-11-24T05:00:00Z' }]
        return { body: list[0] }
      },
    })
    const { user } = await open()
    await user.click(await screen.findByRole('button', { name: 'Withdraw the file' }, { timeout: 5_000 }))
    await user.click(within(await screen.findByRole('dialog', { name: 'Withdraw the file' })).getByRole('button', { name: 'Withdraw' }))
    await screen.findByText('Withdrawn on 24.11.2026')
    screen.getByText(/The file is withdrawn/)
    act(() => loadWords('portal', 'kk'))
    screen.getByText(/Файл қайтарып алынды/)
    act(() => loadWords('portal', 'en'))
    await waitFor(() => screen.getByRole('button', { name: 'Make a transfer file' }))
  })

  it('says that who was accepted elsewhere is still on the list here', async () => {
    serve(ready(() => [{ ...transfer, state: 'accepted', ended_at: '2026-11-24T05:00:00Z' }]))
    await open()
    await screen.findByText('Accepted by the other school on 24.11.2026', undefined, { timeout: 5_000 })
    screen.getByText(/still on this school’s list/)
  })

  it('says what is wrong with the address before anything is made', async () => {
    const title = 'No such school was found. Ask that school for its address or BIN.'
    serve({ ...ready(() => []), [`GET ${AT}/transfers/school`]: { status: 422, body: { code: 'transfers.school-unknown', title, status: 422 } } })
    const { user } = await open()
    await user.click(await screen.findByRole('button', { name: 'Make a transfer file' }, { timeout: 5_000 }))
    await user.click(screen.getByRole('button', { name: 'Find the school' }))
    expect(screen.getAllByText('This must be filled in').length).toBeGreaterThan(0)
    await user.type(screen.getByLabelText(/Address of the receiving school/), 'nobody')
    await user.click(screen.getByRole('button', { name: 'Find the school' }))
    await screen.findByText(title)
  })
})
