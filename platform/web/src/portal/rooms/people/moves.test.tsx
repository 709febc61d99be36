// Leaving and another class: what is sent, and who is proposed to leave too.
import { act, screen, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { AT, openPortal, reader, student } from '~/testing/portal'
import { serve } from '~/testing/show'
import { loadWords } from '~/testing/words'

const AYAN = '0198f000-0000-7000-8000-000000000003'
const CLASS = '0198f000-0000-7000-8000-00000000000c'
const me = reader({ may: ['people.search', 'person.see', 'person.edit', 'person.leave', 'class.see'] })
const ayan = student({ id: AYAN, memberships: [{ class_id: CLASS, class_name: '7Ә', joined: '2026-09-01' }] })

const open = () => openPortal(`/mektep-7/people?kind=student&person=${AYAN}`, 'en')

const ready = {
  [`GET ${AT}/me`]: { body: me },
  [`GET ${AT}/people/${AYAN}`]: { body: ayan },
  [`GET ${AT}/classes`]: { body: [{ id: CLASS, name: '7Б', grade: 7, letter: 'Б', language: 'kk', shift: 1, students: 0, version: 1 }] },
  [`POST ${AT}/people/search`]: { body: { count: 0, people: [] } },
}

describe('the place of a person in the school', () => {
  it('ends on a day, with the reason; guardians who are left alone are named', async () => {
    const guardian = { id: AYAN, full_name: 'Тілеуова Гүлнар', relation: 'mother' }
    const sent = serve({ ...ready, [`POST ${AT}/people/${AYAN}/departure`]: { body: { person: ayan, guardians: [guardian] } } })
    const { user } = await open()
    await screen.findByText('7Ә: since 01.09.2026', undefined, { timeout: 5_000 })
    await user.click(screen.getByRole('button', { name: 'Record that they leave' }))
    await user.selectOptions(screen.getByLabelText('Reason'), 'other')
    await user.type(screen.getByLabelText('Number of the order'), '12-к')
    await user.click(screen.getByRole('button', { name: 'Record that they leave' }))
    await screen.findByText(/Now in the archive.*Тілеуова Гүлнар/)
    act(() => loadWords('portal', 'kk'))
    screen.getByText(/Мұрағатқа өтті.*Тілеуова Гүлнар/)
    expect(sent.find(({ path }) => path.endsWith('/departure'))?.body).toEqual({ version: 4, left_on: '2026-11-23', reason: 'other', order_no: '12-к' })
  })

  it('moves to another class from a day on', async () => {
    const sent = serve({ ...ready, [`POST ${AT}/people/${AYAN}/class`]: { body: ayan } })
    const { user } = await open()
    await user.click(await screen.findByRole('button', { name: 'Move to another class' }, { timeout: 5_000 }))
    const drawer = within(screen.getByRole('dialog'))
    await drawer.findByRole('option', { name: '7Б' })
    await user.selectOptions(drawer.getByLabelText('Class'), CLASS)
    await user.click(drawer.getByRole('button', { name: 'Move to another class' }))
    await vi.waitFor(() => {
      expect(sent.find(({ path }) => path.endsWith('/class'))?.body).toEqual({ version: 4, class_id: CLASS, enrolled_on: '2026-11-23' })
    })
  })
})
