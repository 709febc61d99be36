// A lost password: what was done about it is said in the language of now.
import { act, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { AT, openPortal, reader, student } from '~/testing/portal'
import { serve } from '~/testing/show'
import { loadWords } from '~/testing/words'

it('says in the language of now that a password is void', async () => {
  const ayan = student({ registered: true, credential: 'activated' })
  const sent = serve({
    [`GET ${AT}/me`]: { body: reader({ may: ['people.search', 'person.see', 'password.reset'] }) },
    [`GET ${AT}/people/${ayan.id}`]: { body: ayan },
    [`GET ${AT}/classes`]: { body: [] },
    [`POST ${AT}/people/search`]: { body: { count: 0, people: [] } },
    [`POST ${AT}/people/${ayan.id}/password-void`]: { body: { done: true } },
  })
  const { user } = await openPortal(`/mektep-7/people?kind=student&person=${ayan.id}`, 'en')
  await user.click(await screen.findByRole('button', { name: 'Void the password' }))
  await user.click(within(await screen.findByRole('dialog', { name: 'Void the password' })).getByRole('button', { name: 'Void it' }))
  await screen.findByText(/The password is void/)
  expect(sent.some(({ path }) => path.endsWith('/password-void'))).toBe(true)
  act(() => loadWords('portal', 'kk'))
  screen.getByText(/Құпиясөз жарамсыз/)
})
