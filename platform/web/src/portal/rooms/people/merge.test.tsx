// Duplicates: what is proposed, what is sent, told apart, undone. And the ИИН on the card.
import { act, screen, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { AT, openPortal, reader, student } from '~/testing/portal'
import { serve } from '~/testing/show'
import { loadWords } from '~/testing/words'
import { differing, keptOf, proposed } from './merge'
import type { Person } from './person'

const ONE = '0198f000-0000-7000-8000-000000000003'
const OTHER = '0198f000-0000-7000-8000-000000000004'
const MERGE = '0198f000-0000-7000-8000-00000000000d'
const me = reader({ may: ['people.search', 'person.see', 'person.edit', 'person.merge', 'person.iin', 'setup.edit', 'class.see'] })
const one = student({ id: ONE, phone: '+77011234567' })
const other: Person = { ...one, id: OTHER, full_name: 'Тилеуов Аян', surname: 'Тилеуов', version: 2, phone: undefined, class_id: MERGE, class_name: '7Ә', birth_date: '2013-11-30' }
const side = ({ id, full_name, registered }: Person) => ({ id, full_name, registered })

const open = (search: string) => openPortal(`/mektep-7/people?kind=student&${search}`, 'en')

const ready = {
  [`GET ${AT}/me`]: { body: me },
  [`GET ${AT}/iin`]: { body: { on: false, stored: 0, version: 0 } },
  [`GET ${AT}/classes`]: { body: [] },
  [`GET ${AT}/people/${ONE}`]: { body: one },
  [`GET ${AT}/people/${OTHER}`]: { body: other },
  [`POST ${AT}/people/search`]: { body: { count: 0, people: [] } },
  [`GET ${AT}/duplicates`]: { body: { count: 1, pairs: [{ likeness: 'near', one: side(one), other: side(other) }] } },
}

describe('two entries of one person', () => {
  it('keep who has an account or a class, and propose what is missing there', () => {
    expect(keptOf(one, other)).toBe(other)
    expect(keptOf({ ...one, registered: true }, other).id).toBe(ONE)
    expect(differing(one, other)).toEqual(['surname', 'birth_date', 'phone'])
    expect(differing({ ...one, class_id: ONE }, other)).toContain('class')
    expect(proposed(other, one)).toEqual(['phone'])
  })

  it('are compared and merged with the values that were chosen', async () => {
    const sent = serve({ ...ready, [`POST ${AT}/people/${OTHER}/merge`]: { body: { ...other, full_name: 'Тілеуов Аян' } } })
    const { user } = await open('view=duplicates')
    await user.click(await screen.findByRole('button', { name: 'Compare' }, { timeout: 5_000 }))
    const dialog = within(await screen.findByRole('dialog'))
    await user.click(within(await dialog.findByRole('radiogroup', { name: 'Surname' })).getByRole('radio', { name: 'Тілеуов' }))
    await user.click(dialog.getByRole('button', { name: 'Merge' }))
    await screen.findByText(/Merged: Тілеуов Аян/)
    act(() => loadWords('portal', 'kk'))
    screen.getByText(/Біріктірілді: Тілеуов Аян/)
    expect(sent.find(({ path }) => path.endsWith('/merge'))?.body).toEqual({ version: 2, dropped_id: ONE, dropped_version: 4, take: ['phone', 'surname'] })
  })

  it('are told apart', async () => {
    const sent = serve({ ...ready, [`POST ${AT}/duplicates/not-same`]: { body: { remembered: true } } })
    const { user } = await open('view=duplicates')
    await user.click(await screen.findByRole('button', { name: 'Not the same person' }, { timeout: 5_000 }))
    await screen.findByText(/not shown any more/)
    expect(sent.find(({ path }) => path.endsWith('/not-same'))?.body).toEqual({ one_id: ONE, other_id: OTHER })
    await user.click(screen.getByRole('checkbox', { name: 'Show the pairs that were told apart' }))
    await user.click(await screen.findByRole('button', { name: 'May be one person after all' }))
    await screen.findByText(/among the duplicates again/)
    act(() => loadWords('portal', 'kk'))
    screen.getByText(/Жұп қайтадан қайталанғандар қатарында/)
    expect(sent.filter(({ path }) => path.endsWith('/not-same')).at(-1)?.body).toEqual({ one_id: ONE, other_id: OTHER, take_back: true })
  })

  it('are taken apart again from the card', async () => {
    const merged = [{ id: MERGE, profile_id: OTHER, full_name: 'Тилеуов Аян', merged_at: '2026-11-20T05:00:00Z' }]
    const sent = serve({ ...ready, [`GET ${AT}/people/${ONE}`]: { body: { ...one, merged } }, [`POST ${AT}/merges/${MERGE}/undo`]: { body: one } })
    const { user } = await open(`person=${ONE}`)
    await user.click(await screen.findByRole('button', { name: 'Undo the merge: Тилеуов Аян' }, { timeout: 5_000 }))
    await vi.waitFor(() => {
      expect(sent.find(({ path }) => path.endsWith('/undo'))?.body).toEqual({ version: 4 })
    })
  })
})

describe('the ИИН', () => {
  it('shows its end, a warning, and all of it when asked', async () => {
    const sent = serve({ ...ready, [`GET ${AT}/people/${ONE}`]: { body: { ...one, iin_end: '0005', iin_differs: true } }, [`GET ${AT}/people/${ONE}/iin`]: { body: { iin: '131130600005' } } })
    const { user } = await open(`person=${ONE}`)
    await screen.findByText('•••• •••• 0005', undefined, { timeout: 5_000 })
    expect(screen.getByText(/not the birth date/)).toBeInTheDocument()
    expect(sent.some(({ path }) => path.endsWith(`${ONE}/iin`))).toBe(false)
    await user.click(screen.getByRole('button', { name: 'Show all of it' }))
    await screen.findByText('131130600005')
  })

  it('is typed only where the school keeps it', async () => {
    serve(ready)
    const { user } = await open(`person=${ONE}`)
    await user.click(await screen.findByRole('button', { name: 'Edit the data' }, { timeout: 5_000 }))
    await screen.findByLabelText(/^Surname/)
    expect(screen.queryByLabelText(/ИИН/)).not.toBeInTheDocument()
  })

  it('is turned on with a statement', async () => {
    const sent = serve({ ...ready, [`PUT ${AT}/iin`]: { body: { on: true, stored: 0, version: 1 } } })
    const { user } = await open('')
    await user.click(await screen.findByRole('button', { name: 'Keeping of ИИН' }, { timeout: 5_000 }))
    await user.type(await screen.findByLabelText(/Where the consent names/), 'Consent form of 2026, item 3')
    await user.click(screen.getByRole('button', { name: 'Begin to keep ИИН' }))
    await vi.waitFor(() => {
      expect(sent.find(({ method }) => method === 'PUT')?.body).toEqual({ on: true, version: 0, statement: 'Consent form of 2026, item 3' })
    })
  })
})
