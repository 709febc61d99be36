// What was added to the school's dictionaries is said in the language of now.
import { act, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { AT, openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'
import { loadWords } from '~/testing/words'

const ID = '0198f000-0000-7000-8000-00000000000c'
const me = { [`GET ${AT}/me`]: { body: reader({ may: ['class.see', 'class.edit'] }) } }
const robotics = { id: ID, name_kk: 'Робототехника негіздері', name_ru: 'Основы робототехники', pass_fail: false, active: true }

it('names a subject that was added in the language of now', async () => {
  serve({ ...me, [`GET ${AT}/subjects`]: { body: [] }, [`POST ${AT}/subjects`]: { body: robotics } })
  const { user } = await openPortal('/mektep-7/subjects', 'ru')
  const form = within(await screen.findByRole('form', { name: 'Добавить свой предмет' }))
  const [kk, ru] = form.getAllByRole('textbox')
  if (kk) await user.type(kk, robotics.name_kk)
  if (ru) await user.type(ru, robotics.name_ru)
  await user.click(form.getByRole('button', { name: 'Добавить свой предмет' }))
  await screen.findByText(/Добавлено: Основы робототехники/)
  act(() => loadWords('portal', 'kk'))
  screen.getByText(/Робототехника негіздері қосылды/)
})

it('names a load that was added in the language of now', async () => {
  const load = { id: ID, class_id: ID, class_name: '7Ә', subject_id: ID, subject_kk: robotics.name_kk, subject_ru: robotics.name_ru, teacher_id: ID, teacher_name: 'Бекова Сәуле', version: 1 }
  serve({
    ...me,
    [`GET ${AT}/classes`]: { body: [{ id: ID, name: '7Ә', grade: 7, letter: 'Ә', language: 'kk', shift: 1, students: 0, version: 1 }] },
    [`GET ${AT}/subjects`]: { body: [robotics] },
    [`GET ${AT}/teachers/subjects`]: { body: [] },
    [`POST ${AT}/people/search`]: { body: { count: 1, people: [{ id: ID, full_name: load.teacher_name, roles: ['teacher'], credential: 'none' }] } },
    [`GET ${AT}/loads`]: { body: [] },
    [`POST ${AT}/loads`]: { body: load },
  })
  const { user } = await openPortal('/mektep-7/loads', 'ru')
  await screen.findByRole('option', { name: load.teacher_name })
  for (const list of screen.getAllByRole('combobox').slice(0, 3)) await user.selectOptions(list, ID)
  await user.click(screen.getByRole('button', { name: 'Добавить нагрузку' }))
  await screen.findByText(/Добавлено: 7Ә, Основы робототехники/)
  act(() => loadWords('portal', 'kk'))
  expect(screen.getByText(/Қосылды: 7Ә, Робототехника негіздері/)).toBeInTheDocument()
})
