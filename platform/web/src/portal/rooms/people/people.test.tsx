import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { AT, openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'

const CHILD = '0198f000-0000-7000-8000-000000000001'
const me = reader({ full_name: 'Сұлтанова Айгүл Бекқызы', may: ['people.search', 'person.add', 'person.edit', 'role.grant'] })
const child = { id: CHILD, full_name: 'Нұрғалиева Іңкәр', surname: 'Нұрғалиева', given_name: 'Іңкәр', roles: ['student'], class_name: '7Ә', credential: 'none', version: 1 }

const open = (path: string) => openPortal(`/mektep-7${path}`, 'kk')

describe('people', () => {
  it('adds a guardian with the child that was found by the name', async () => {
    const sent = serve({
      [`GET ${AT}/me`]: { body: me },
      [`GET ${AT}/classes`]: { body: [] },
      [`POST ${AT}/people/search`]: ({ body }) => ({ body: (body as { kind: string }).kind === 'student' ? { count: 1, people: [child] } : { count: 0, people: [] } }),
      [`POST ${AT}/people`]: { body: { ...child, kind: 'guardian', full_name: 'Нұрғалиев Серік', sex: 'm', registered: false } },
    })
    const { user } = await open('/people?kind=guardian&add=true')
    await user.type(await screen.findByLabelText(/^Тегі/), 'Нұрғалиев')
    await user.selectOptions(screen.getByLabelText(/^Жынысы/), 'ер')
    await user.type(screen.getByLabelText('Оқушыны аты-жөні бойынша табу'), 'нург')
    await user.click(await screen.findByRole('button', { name: 'Нұрғалиева Іңкәр, 7Ә оқушыны қосу' }))
    await user.selectOptions(screen.getByLabelText('Кім болып келеді (Нұрғалиева Іңкәр, 7Ә)'), 'әкесі')
    await user.click(screen.getByRole('button', { name: 'Ата-ананы енгізу' }))
    expect(await screen.findByText(/Енгізілді: Нұрғалиев Серік/)).toBeInTheDocument()
    const added = sent.find(({ method, path }) => method === 'POST' && path === `${AT}/people`)
    expect(added?.body).toEqual({ kind: 'guardian', surname: 'Нұрғалиев', sex: 'm', children: [{ student_id: CHILD, relation: 'father' }] })
  })

  it('asks for a confirmation where somebody of that name is there, and keeps what was typed', async () => {
    const sent = serve({
      [`GET ${AT}/me`]: { body: me },
      [`GET ${AT}/classes`]: { body: [] },
      [`POST ${AT}/people/search`]: { body: { count: 0, people: [] } },
      [`POST ${AT}/people`]: ({ body }) =>
        (body as { confirm_duplicate?: boolean }).confirm_duplicate
          ? { body: { ...child, kind: 'staff', sex: 'f', registered: false } }
          : { status: 409, body: { code: 'people.duplicate', title: 'Мұндай адам бар.', status: 409 } },
    })
    const { user } = await open('/people?kind=staff&add=true')
    await user.type(await screen.findByLabelText(/^Тегі/), 'Бекова')
    await user.selectOptions(screen.getByLabelText(/^Жынысы/), 'әйел')
    await user.click(screen.getByRole('button', { name: 'Қызметкерді енгізу' }))
    await user.click(await screen.findByLabelText('Бұл басқа адам, бәрібір енгізу керек'))
    expect(screen.getByLabelText(/^Тегі/)).toHaveValue('Бекова')
    await user.click(screen.getByRole('button', { name: 'Қызметкерді енгізу' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument())
    expect(sent.filter(({ path }) => path === `${AT}/people`).map(({ body }) => body)).toEqual([
      { kind: 'staff', surname: 'Бекова', sex: 'f', roles: ['teacher'] },
      { kind: 'staff', surname: 'Бекова', sex: 'f', roles: ['teacher'], confirm_duplicate: true },
    ])
  })
})
