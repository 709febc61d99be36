import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { AT, openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'

const CLASS = '0198f000-0000-7000-8000-000000000007'
const CHILD = '0198f000-0000-7000-8000-000000000001'
const SHEET = '0198f000-0000-7000-8000-000000000002'
const me = reader({
  full_name: 'Сұлтанова Айгүл Бекқызы',
  may: ['sheet.issue', 'credential.board', 'credential.see', 'credential.mail', 'credential.void', 'credential.hand-over', 'class.see'],
})
const seven = { id: CLASS, grade: 7, letter: 'Ә', name: '7Ә', language: 'kk', shift: 1, students: 1, year_id: CLASS }
const sheet = { id: SHEET, state: 'fetched', medium: 'paper', done: 1, total: 1, class_name: '7Ә', created_at: '2026-11-20T05:00:00Z' }
const row = { class_id: CLASS, class_name: '7Ә', kind: 'student', total: 2, none: 1, issued: 0, printed: 0, mailed: 1, handed_over: 0, activated: 0, expired: 0, revoked: 1, dead: 1 }
const waiting = { id: CHILD, full_name: 'Нұрғалиева Іңкәр', kind: 'student', credential: 'mailed', since: '2026-11-20T05:00:00Z', days: 3, letter: 'dead', email: 'inkar@example.kz' }

const answers = {
  [`GET ${AT}/me`]: { body: me },
  [`GET ${AT}/classes`]: { body: [seven] },
  [`GET ${AT}/sheets`]: { body: [sheet] },
  [`GET ${AT}/credentials/board`]: { body: [row] },
  [`GET ${AT}/credentials/heading`]: { body: { version: 0 } },
  [`GET ${AT}/credentials/waiting`]: { body: [waiting] },
}

const open = (path: string) => openPortal(`/mektep-7${path}`, 'kk')

describe('credentials', () => {
  it('sends letters to a parallel and says how many have no address', async () => {
    const sent = serve({
      ...answers,
      [`POST ${AT}/credentials/letters`]: { body: { sheet: { ...sheet, state: 'queued', medium: 'letter', total: 4 }, without_address: 2 } },
    })
    const { user } = await open('/credentials')
    await user.selectOptions(await screen.findByLabelText('Сынып немесе параллель'), await screen.findByRole('option', { name: '7-сыныптардың барлығы' }))
    await user.selectOptions(screen.getByLabelText('Қалай беріледі'), 'электрондық хатпен')
    await user.click(screen.getByRole('button', { name: 'Хат жіберу' }))
    expect(await screen.findByText(/Хаттар кезекке қойылды: 4. Мекенжайы жоқтар: 2./)).toBeInTheDocument()
    const ordered = sent.find(({ method, path }) => method === 'POST' && path === `${AT}/credentials/letters`)
    expect(ordered?.body).toEqual({ who: 'students', language: 'both', grade: 7 })
  })

  it('marks a whole sheet as handed over', async () => {
    serve({ ...answers, [`POST ${AT}/sheets/${SHEET}/hand-over`]: { body: { handed_over: 3 } } })
    const { user } = await open('/credentials')
    await user.click(await screen.findByRole('button', { name: /^Парақты түгел берілді деп белгілеу/ }))
    expect(await screen.findByText(/3 адамға берілді деп белгіленді/)).toBeInTheDocument()
  })

  it('tells who waits and why, and takes a credential back after the name is typed', async () => {
    const sent = serve({
      ...answers,
      [`GET ${AT}/people/${CHILD}/credential`]: {
        body: { full_name: waiting.full_name, credential: 'mailed', events: [{ before: 'issued', after: 'mailed', at: '2026-11-20T05:00:00Z', by: me.full_name }] },
      },
      [`POST ${AT}/people/${CHILD}/credential/void`]: { body: { voided: 1 } },
    })
    const { user } = await open(`/credentials?class=${CLASS}`)
    expect(await screen.findByText(/3 күн бұрыннан · хат жетпеді/)).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Тарихын көру' }))
    expect(await screen.findByText(/хатпен жіберілген \(Сұлтанова Айгүл Бекқызы\)/)).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Күшін жою: Нұрғалиева Іңкәр' }))
    const dialog = await screen.findByRole('dialog')
    await user.type(within(dialog).getByRole('textbox'), 'Нұрғалиева')
    await user.click(within(dialog).getByRole('button', { name: 'Күшін жою' }))
    await waitFor(() => expect(sent.some(({ path }) => path === `${AT}/people/${CHILD}/credential/void`)).toBe(true))
  })
})
