// Empty and failed lists, as a deputy head teacher meets them: each has a word, and a way on for whoever may go it.
import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { AT, openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'

const ID = '0198f000-0000-7000-8000-00000000000c'
const EDITOR = ['people.search', 'person.see', 'person.add', 'person.edit', 'calendar.see', 'calendar.edit', 'class.see', 'class.edit', 'lesson.see', 'lesson.add', 'journal.see']
const editor = { [`GET ${AT}/me`]: { body: reader({ roles: ['editor'], may: EDITOR }) } }
const seven = { id: ID, name: '7Ә', grade: 7, letter: 'Ә', language: 'kk', shift: 1, students: 0, version: 1 }
const algebra = { id: ID, name_kk: 'Алгебра', name_ru: 'Алгебра', pass_fail: false, active: true }
const nobody = { [`POST ${AT}/people/search`]: { body: { count: 0, people: [] } } }
const broken = { status: 400, body: { code: 'x', title: 'It did not come', status: 400 } }

const linkTo = async (name: string) => (await screen.findAllByRole('link', { name })).at(-1)?.getAttribute('href')

describe('an empty page', () => {
  it('of somebody who neither teaches nor sets up leads to what is open', async () => {
    serve(editor)
    await openPortal('/mektep-7/', 'en')
    await screen.findByRole('heading', { name: 'Where do you want to begin?' })
    expect(await linkTo('Lessons')).toBe('/mektep-7/lessons')
  })

  it('of loads says what comes first', async () => {
    serve({ ...editor, ...nobody, [`GET ${AT}/classes`]: { body: [] }, [`GET ${AT}/subjects`]: { body: [] }, [`GET ${AT}/loads`]: { body: [] }, [`GET ${AT}/teachers/subjects`]: { body: [] } })
    await openPortal('/mektep-7/loads', 'en')
    await screen.findByText('Classes come first: the school has none yet.')
    expect(await linkTo('Classes')).toBe('/mektep-7/classes')
  })

  it('of lessons says what comes first', async () => {
    serve({ ...editor, ...nobody, [`GET ${AT}/classes`]: { body: [seven] }, [`GET ${AT}/subjects`]: { body: [algebra] }, [`GET ${AT}/loads`]: { body: [] }, [`GET ${AT}/calendar`]: { body: { years: [], bells: [] } } })
    await openPortal('/mektep-7/lessons', 'en')
    await screen.findByText('Teachers come first: there is no staff yet.')
    expect(await linkTo('People')).toBe('/mektep-7/people?kind=staff')
  })

  it.each([
    ['editor', EDITOR, true],
    ['teacher', ['journal.see', 'class.see'], false],
  ] as const)('of a journal without lessons leads to them who may add them (%s)', async (role, acts, led) => {
    const period = { id: ID, name_kk: '2-тоқсан', name_ru: '2 четверть', begins: '2026-11-09', ends: '2026-12-30' }
    const choice = { class_id: ID, class_name: '7Ә', subject_id: ID, subject_kk: 'Алгебра', subject_ru: 'Алгебра', mine: true }
    const page = { ...choice, period, periods: [period], today: '2026-11-23', may_edit: true, graded: true, students: [{ id: ID, full_name: 'Ахметов Әли' }], lessons: [], marks: [], attendance: [] }
    serve({ [`GET ${AT}/me`]: { body: reader({ roles: [role], may: [...acts] }) }, [`GET ${AT}/journal/choices`]: { body: [choice] }, [`GET ${AT}/journal`]: { body: page } })
    await openPortal('/mektep-7/journal', 'en')
    await screen.findByText('No lessons in this period')
    expect(screen.getAllByRole('link').some((link) => link.getAttribute('href') === `/mektep-7/lessons?class=${ID}`)).toBe(led)
  })

  it('of credentials tells a class teacher without a class whom to ask', async () => {
    serve({
      [`GET ${AT}/me`]: { body: reader({ roles: ['class_teacher'], may: ['credential.board', 'class.see'] }) },
      [`GET ${AT}/classes`]: { body: [seven] },
      [`GET ${AT}/credentials/board`]: { body: [] },
    })
    await openPortal('/mektep-7/credentials', 'en')
    await screen.findByText(/no class yet of which you are the class teacher/)
  })

  it('of people tells an empty archive from a search that found nobody, and clears the search', async () => {
    const person = { id: ID, full_name: 'Бекова Дана', surname: 'Бекова', roles: ['teacher'], credential: 'none', version: 1 }
    serve({
      [`GET ${AT}/me`]: { body: reader({ may: [...EDITOR, 'person.leave'] }) },
      [`GET ${AT}/classes`]: { body: [] },
      [`POST ${AT}/people/search`]: ({ body }) => ({ body: Object.keys(body as object).some((key) => ['text', 'state'].includes(key)) ? { count: 0, people: [] } : { count: 1, people: [person] } }),
    })
    const { user } = await openPortal('/mektep-7/people', 'en')
    await screen.findByText('Бекова Дана')
    await user.click(screen.getByRole('checkbox'))
    await screen.findByText('Nobody is in the archive')
    await user.type(screen.getByRole('searchbox'), 'qq')
    await user.click(await screen.findByRole('button', { name: 'Clear the search' }))
    await screen.findByText('Бекова Дана')
    expect(screen.getByRole('searchbox')).toHaveValue('')
    expect(screen.getByRole('checkbox')).not.toBeChecked()
  })
})

describe('what is chosen from and did not come', () => {
  it('is said, and asked again', async () => {
    let well = false
    serve({ ...editor, ...nobody, [`GET ${AT}/classes`]: () => (well ? { body: [seven] } : broken), [`GET ${AT}/subjects`]: { body: [algebra] }, [`GET ${AT}/loads`]: { body: [] }, [`GET ${AT}/calendar`]: { body: { years: [], bells: [] } } })
    const { user } = await openPortal('/mektep-7/lessons', 'en')
    await screen.findByText('It did not come')
    well = true
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect((await screen.findAllByRole('option', { name: '7Ә' })).length).toBeGreaterThan(0)
    await waitFor(() => expect(screen.queryByText('It did not come')).not.toBeInTheDocument())
  })

  it('is not taken for nothing: who teaches what is not known', async () => {
    const dana = { id: ID, kind: 'staff', full_name: 'Бекова Дана', surname: 'Бекова', given_name: 'Дана', sex: 'f', roles: ['teacher'], registered: false, credential: 'none', version: 1 }
    serve({ ...editor, ...nobody, [`GET ${AT}/people/${ID}`]: { body: dana }, [`GET ${AT}/subjects`]: { body: [algebra] }, [`GET ${AT}/teachers/subjects`]: broken })
    await openPortal(`/mektep-7/people?kind=staff&person=${ID}`, 'en')
    await screen.findByText('It did not come')
    expect(screen.queryByText('Not said')).not.toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument()
  })
})
