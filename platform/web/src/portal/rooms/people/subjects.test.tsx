// What a teacher teaches: read by the card, changed from the set that was seen, and a refusal where somebody was quicker.
import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { AT, openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'

const AIGUL = '0198f000-0000-7000-8000-000000000003'
const [ALGEBRA, MUSIC] = ['0198f000-0000-7000-8000-0000000000a1', '0198f000-0000-7000-8000-0000000000a2']
const me = reader({ may: ['people.search', 'person.see', 'class.see', 'class.edit'] })
const aigul = {
  id: AIGUL,
  kind: 'staff',
  full_name: 'Сәрсенова Айгүл',
  surname: 'Сәрсенова',
  given_name: 'Айгүл',
  sex: 'f',
  roles: ['teacher'],
  registered: false,
  credential: 'none',
  version: 1,
}
const subject = (id: string, name_kk: string, name_ru: string) => ({ id, code: id, name_kk, name_ru, pass_fail: false, active: true })
const ready = {
  [`GET ${AT}/me`]: { body: me },
  [`GET ${AT}/people/${AIGUL}`]: { body: aigul },
  [`POST ${AT}/people/search`]: { body: { count: 0, people: [] } },
  [`GET ${AT}/subjects`]: { body: [subject(ALGEBRA, 'Алгебра пәні', 'Алгебра'), subject(MUSIC, 'Музыка пәні', 'Музыка')] },
  [`GET ${AT}/teachers/subjects`]: { body: [{ teacher_id: AIGUL, subject_ids: [ALGEBRA] }] },
}

const open = () => openPortal(`/mektep-7/people?kind=staff&person=${AIGUL}`, 'ru')

describe('what a teacher teaches', () => {
  it('is changed from the set that was seen; what was chosen stays where somebody was quicker', async () => {
    const refusal = { code: 'classes.taught-changed', title: 'Предметы тем временем изменил другой человек.', status: 409 }
    const sent = serve({ ...ready, [`PUT ${AT}/teachers/${AIGUL}/subjects`]: { status: 409, body: refusal } })
    const { user } = await open()
    const card = within(await screen.findByRole('region', { name: 'Какие предметы ведёт' }, { timeout: 5_000 }))
    expect(await card.findByText('Алгебра')).toBeInTheDocument()
    await user.click(card.getByRole('button', { name: 'Изменить предметы' }))
    await user.click(card.getByRole('checkbox', { name: 'Музыка' }))
    await user.click(card.getByRole('button', { name: 'Сохранить' }))
    expect(await card.findByText(/тем временем изменил/)).toBeInTheDocument()
    expect(sent.find(({ path }) => path.endsWith(`${AIGUL}/subjects`))?.body).toEqual({ before: [ALGEBRA], subject_ids: [ALGEBRA, MUSIC] })
    expect(card.getByRole('checkbox', { name: 'Музыка' })).toBeChecked()
  })

  it('is only read by who may not change it', async () => {
    serve({ ...ready, [`GET ${AT}/me`]: { body: { ...me, may: ['people.search', 'person.see', 'class.see'] } } })
    await open()
    const card = within(await screen.findByRole('region', { name: 'Какие предметы ведёт' }, { timeout: 5_000 }))
    expect(await card.findByText('Алгебра')).toBeInTheDocument()
    expect(card.queryByRole('button')).toBeNull()
  })
})
