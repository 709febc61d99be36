import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { queryClient } from '~/console/api'
import { serve, show } from '~/testing/show'
import { Decision } from './Decision'
import type { Application } from './queries'

const ID = '0198f000-0000-7000-8000-000000000001'
const API = `/api/console/applications/${ID}`
const card = { id: ID, number: '2026-000012', state: 'received', email: 'mektep@example.kz' } as Application
const row = { id: ID, number: '2026-000012', state: 'invited' }

const draw = (state: Application['state'] = 'received') =>
  show(<Decision card={{ ...card, state }} />, { entry: 'console', language: 'kk', queries: queryClient })

describe('the decision about an application', () => {
  it('shows the letter first, and approves only then', async () => {
    const sent = serve({
      [`POST ${API}/letter`]: { body: { subject: 'Шақыру', body: 'Логин: ••••' } },
      [`POST ${API}/approval`]: { body: row },
    })
    const { user } = draw()
    await user.click(screen.getByRole('button', { name: 'Мақұлдау және хат жіберу' }))
    const dialog = await screen.findByRole('dialog')
    expect(await within(dialog).findByText('Логин: ••••')).toBeInTheDocument()
    expect(sent.map(({ path }) => path)).toEqual([`${API}/letter`])
    await user.click(within(dialog).getByRole('button', { name: 'Иә, мақұлдап, хатты жіберу' }))
    expect(await screen.findByText('Мақұлданды, хат кезекке қойылды')).toBeInTheDocument()
    expect(sent.at(-1)).toMatchObject({ method: 'POST', path: `${API}/approval`, body: {} })
  })

  it('rejects with the reason of the letter that was read', async () => {
    const sent = serve({
      [`POST ${API}/letter`]: ({ body }) => ({ body: { subject: 'Бас тарту', body: `Себебі: ${(body as { reason: string }).reason}` } }),
      [`POST ${API}/rejection`]: { body: { ...row, state: 'rejected' } },
    })
    const { user } = draw()
    await user.click(screen.getByRole('button', { name: 'Қабылдамау' }))
    const reason = await screen.findByRole('textbox', { name: /Қабылдамау себебі/ })
    await user.click(screen.getByRole('button', { name: 'Хатты көрсету' }))
    expect(sent).toHaveLength(0)
    await user.type(reason, 'БСН басқа')
    await user.click(screen.getByRole('button', { name: 'Хатты көрсету' }))
    expect(await screen.findByText('Себебі: БСН басқа')).toBeInTheDocument()
    await user.type(reason, ' мектептікі')
    expect(screen.queryByText('Себебі: БСН басқа')).not.toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Хатты көрсету' }))
    await screen.findByText('Себебі: БСН басқа мектептікі')
    await user.click(screen.getByRole('button', { name: 'Қабылдамау және хат жіберу' }))
    expect(await screen.findByText('Қабылданбады, хат кезекке қойылды')).toBeInTheDocument()
    expect(sent.at(-1)).toMatchObject({ path: `${API}/rejection`, body: { reason: 'БСН басқа мектептікі' } })
  })

  it('says who decided meanwhile', async () => {
    serve({
      [`POST ${API}/letter`]: { body: { subject: 'Шақыру', body: 'Логин' } },
      [`POST ${API}/approval`]: {
        status: 409,
        body: { code: 'signup.already-decided', title: 'Шешім қабылданған', status: 409, conflict: { by: 'aidos', at: '2026-11-23T05:00:00Z', value: 'rejected' } },
      },
    })
    const { user } = draw()
    await user.click(screen.getByRole('button', { name: 'Мақұлдау және хат жіберу' }))
    await user.click(await screen.findByRole('button', { name: 'Иә, мақұлдап, хатты жіберу' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('Шешім қабылданған')
    expect(screen.getByText('aidos · 23.11.2026 10:00 · Қабылданбады')).toBeInTheDocument()
  })

  it('offers only what is possible', () => {
    draw('registered')
    expect(screen.queryByRole('button')).not.toBeInTheDocument()
  })
})
