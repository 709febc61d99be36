// Leaving and another class: what is sent, and who is proposed to leave too.
import { screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { serve, show } from '~/testing/show'

const AT = '/api/portal/mektep-7'
const AYAN = '0198f000-0000-7000-8000-000000000003'
const CLASS = '0198f000-0000-7000-8000-00000000000c'
const me = {
  profile_id: '0198f000-0000-7000-8000-000000000009',
  full_name: 'Әлиева Анар',
  roles: ['administrator'],
  may: ['people.search', 'person.see', 'person.edit', 'person.leave', 'class.see'],
  school: { slug: 'mektep-7', name_kk: '№ 7 мектеп', name_ru: 'Школа № 7', language: 'kk' },
  children: [],
  schools: [],
  today: '2026-11-23',
}
const ayan = {
  id: AYAN,
  kind: 'student',
  full_name: 'Тілеуов Аян',
  surname: 'Тілеуов',
  given_name: 'Аян',
  sex: 'm',
  roles: ['student'],
  registered: false,
  credential: 'none',
  version: 4,
  memberships: [{ class_id: CLASS, class_name: '7Ә', joined: '2026-09-01' }],
}

async function open() {
  window.history.replaceState(null, '', `/mektep-7/people?kind=student&person=${AYAN}`)
  vi.resetModules()
  const [{ Portal }, { queryClient }] = await Promise.all([import('~/portal/Portal'), import('~/portal/api')])
  return show(<Portal />, { entry: 'portal', language: 'en', queries: queryClient })
}

const ready = {
  [`GET ${AT}/me`]: { body: me },
  [`GET ${AT}/people/${AYAN}`]: { body: ayan },
  [`GET ${AT}/classes`]: { body: [{ id: CLASS, name: '7Б', grade: 7, letter: 'Б', language: 'kk', shift: 1, students: 0, version: 1 }] },
  [`POST ${AT}/people/search`]: { body: { count: 0, people: [] } },
}

describe('the place of a person in the school', () => {
  afterEach(() => window.history.replaceState(null, '', '/'))

  it('ends on a day, with the reason; guardians who are left alone are named', async () => {
    const guardian = { id: AYAN, full_name: 'Тілеуова Гүлнар', relation: 'mother' }
    const sent = serve({ ...ready, [`POST ${AT}/people/${AYAN}/departure`]: { body: { person: ayan, guardians: [guardian] } } })
    const { user } = await open()
    await screen.findByText('7Ә: since 01.09.2026', undefined, { timeout: 5_000 })
    await user.click(screen.getByRole('button', { name: 'Record that they leave' }))
    await user.selectOptions(screen.getByLabelText('Reason'), 'other')
    await user.type(screen.getByLabelText('Number of the order'), '12-к')
    await user.click(screen.getByRole('button', { name: 'Record that they leave' }))
    await screen.findByText(/Тілеуова Гүлнар/)
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
