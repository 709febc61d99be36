// Recovery: a letter is asked for, and its link's token is sent with the new password and nowhere else.
import { screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { serve, show } from '~/testing/show'
import { RecoverPage } from './RecoverPage'

const TOKEN = 'ab'.repeat(32)

afterEach(() => history.replaceState(null, '', '/'))

describe('recovery', () => {
  it('asks for a letter by the login, and says the same whoever it is', async () => {
    const sent = serve({ 'POST /api/signup/recovery': { body: { done: true } } })
    const { user } = show(<RecoverPage />, { entry: 'signup' })
    await user.type(screen.getByLabelText(/^Login/), 'aigul.s')
    await user.click(screen.getByRole('button', { name: 'Send a letter' }))
    await screen.findByText(/the letter is on its way/)
    expect(sent.map(({ body }) => body)).toEqual([{ login: 'aigul.s' }])
  })

  it('sends the token of the link with the new password, and takes it out of the address', async () => {
    history.replaceState(null, '', `/recover#${TOKEN}`)
    const sent = serve({ 'POST /api/signup/recovery/password': { body: { done: true } } })
    const { user } = show(<RecoverPage />, { entry: 'signup' })
    await user.type(screen.getByLabelText(/^New password/), 'kuren bota jol uzak')
    await user.click(screen.getByRole('button', { name: 'Save the password' }))
    await screen.findByText(/The password is saved/)
    expect(sent.map(({ body }) => body)).toEqual([{ token: TOKEN, password: 'kuren bota jol uzak' }])
    expect(location.hash).toBe('')
  })
})
