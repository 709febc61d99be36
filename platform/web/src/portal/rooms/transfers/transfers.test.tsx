// A student from another school: what the file holds, who of it is here already, and what is sent.
import axe from 'axe-core'
import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'

const AT = '/api/portal/mektep-12'
const CLASS = '0198f000-0000-7000-8000-00000000000c'
const HERE = '0198f000-0000-7000-8000-000000000021'
const GONE = '0198f000-0000-7000-8000-000000000022'
const CAME = '0198f000-0000-7000-8000-000000000023'
const me = reader({
  full_name: 'Бекова Дана',
  may: ['people.search', 'person.see', 'transfer.accept', 'class.see'],
  school: { slug: 'mektep-12', name_kk: '№ 12 мектеп', name_ru: 'Школа № 12', language: 'kk' },
})
const parent = (surname: string, sex: string) => ({ surname, given_name: 'Гүлнар', sex, phone: '+77017654321' })
const preview = {
  id: '0198f000-0000-7000-8000-00001a2b3c4d',
  number: '1A2B3C4D',
  from_kk: '№ 7 мектеп',
  from_ru: 'Школа № 7',
  issued_at: '2026-11-23T05:00:00Z',
  expires_at: '2026-12-23T05:00:00Z',
  student: { surname: 'Тілеуов', given_name: 'Аян', patronymic: 'Серікұлы', birth_date: '2013-11-30', sex: 'm' },
  since: '2024-09-01',
  last_class: { grade: 7, letter: 'Ә', joined: '2026-09-01' },
  alike: [
    { id: HERE, kind: 'student', state: 'active', full_name: 'Тілеуов Аян', class_name: '7А', likeness: 'undated' },
    { id: GONE, kind: 'student', state: 'archived', full_name: 'Тілеуов Аян Серікұлы', birth_date: '2013-11-30', likeness: 'same' },
  ],
  guardians: [
    { relation: 'mother', facts: parent('Тілеуова', 'f'), alike: [] },
    { relation: 'other', facts: parent('Бекова', 'f'), alike: [{ id: CAME, kind: 'staff', state: 'active', full_name: 'Бекова Гүлнар', same_phone: true }] },
  ],
}

const open = () => openPortal('/mektep-12/transfers', 'en')

const ready = {
  [`GET ${AT}/me`]: { body: me },
  [`GET ${AT}/classes`]: { body: [{ id: CLASS, name: '7А', grade: 7, letter: 'А', language: 'kk', shift: 1, students: 0, version: 1 }] },
}
const file = new File(['sealed'], 'transfer-1A2B3C4D.kundelik')
const choose = async (user: Awaited<ReturnType<typeof open>>['user']) => {
  await screen.findByRole('button', { name: 'Transfer file' }, { timeout: 5_000 })
  const input = document.querySelector<HTMLInputElement>('input[type=file]')
  if (input) await user.upload(input, file)
  await user.click(screen.getByRole('button', { name: 'See what it holds' }))
}

describe('accepting a student from another school', () => {
  it('shows every field, asks who is here already, and takes all of it in at once', async () => {
    const sent = serve({
      ...ready,
      [`POST ${AT}/transfers/preview`]: { body: preview },
      [`POST ${AT}/transfers/accept`]: { body: { transfer_id: preview.id, student_id: CAME, guardians: 1 } },
    })
    const { user, container } = await open()
    await choose(user)
    await screen.findByText(/From Школа № 7, No 1A2B3C4D/)
    const student = within(screen.getByRole('region', { name: 'The student' }))
    for (const shown of ['Тілеуов', 'Аян', 'Серікұлы', '30.11.2013', '7Ә', '01.09.2024']) student.getByText(shown)
    const found = await axe.run(container, { runOnly: ['wcag2a', 'wcag2aa'], rules: { 'color-contrast': { enabled: false } } })
    expect(found.violations.map(({ id }) => id)).toEqual([])

    await user.click(screen.getByRole('button', { name: 'Accept the student' }))
    expect(screen.getAllByText('Choose one').length).toBeGreaterThan(1)
    expect(sent.some(({ path }) => path.endsWith('/accept'))).toBe(false)
    expect(student.getByRole('radio', { name: /in the archive/ })).toHaveProperty('disabled', true)
    await user.click(student.getByRole('radio', { name: /Is here already: Тілеуов Аян, 7А/ }))
    await user.selectOptions(student.getByLabelText('Class'), CLASS)
    await user.click(within(screen.getByRole('region', { name: 'Бекова Гүлнар' })).getByRole('radio', { name: 'Do not enter' }))
    await user.click(screen.getByRole('button', { name: 'Accept the student' }))
    await screen.findByText(/The student is accepted, with 1 guardian/)
    expect(sent.find(({ path }) => path.endsWith('/accept'))?.body).toEqual({
      content: btoa('sealed'),
      same_as: HERE,
      class_id: CLASS,
      enrolled_on: '2026-11-23',
      guardians: [{ place: 0 }],
    })
    const card = screen.getByRole('link', { name: 'The student’s card' })
    expect(card.getAttribute('href')).toBe(`/mektep-12/people?kind=student&person=${CAME}`)
    const looked = sent.find(({ path }) => path.endsWith('/preview'))
    expect(looked?.headers.get('idempotency-key')).toBeNull()
  })

  it('says at the file why it is not accepted', async () => {
    const title = 'This file is for another school. Ask the former school for a file for yours.'
    serve({ ...ready, [`POST ${AT}/transfers/preview`]: { status: 422, body: { code: 'transfers.other-school', title, status: 422 } } })
    const { user } = await open()
    await choose(user)
    expect((await screen.findAllByText(title)).length).toBeGreaterThan(0)
    screen.getByRole('button', { name: 'See what it holds' })
  })
})
