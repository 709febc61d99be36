import { screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { queryClient } from '~/console/api'
import { serve, show } from '~/testing/show'
import { UsersPage } from './UsersPage'

const ID = '0198f000-0000-7000-8000-000000000001'
const API = '/api/console/users'
const free = { id: ID, login: 'dana.n', schools: 2 }
const restriction = { id: '0198f000-0000-7000-8000-000000000002', nature: 'rights', imposed_at: '2026-11-23T05:00:00Z', until: '2026-11-26T05:00:00Z' }
const kept = { ...free, restriction }

const draw = () => show(<UsersPage />, { entry: 'console', language: 'kk', queries: queryClient })

beforeEach(() => queryClient.clear())

describe('users', () => {
  it('are found by the login and kept out with the nature and the days', async () => {
    const sent = serve({
      [`GET ${API}/restricted`]: { body: [] },
      [`POST ${API}/search`]: { body: free },
      [`POST ${API}/${ID}/restriction`]: { body: kept },
    })
    const { user } = draw()
    expect(await screen.findByText('Ешкімнің кіруі шектелмеген')).toBeInTheDocument()
    await user.type(screen.getByRole('textbox', { name: /Логин/ }), ' dana.n ')
    await user.click(screen.getByRole('button', { name: 'Табу' }))
    const card = await screen.findByRole('region', { name: 'dana.n' })
    expect(within(card).getByText('2 мектепте')).toBeInTheDocument()
    await user.selectOptions(within(card).getByRole('combobox', { name: 'Бұзушылық түрі' }), 'rights')
    await user.type(within(card).getByRole('textbox', { name: /Неше күнге/ }), 'көп')
    await user.click(within(card).getByRole('button', { name: 'Кіруін шектеу' }))
    expect(sent.filter(({ path }) => path.endsWith('/restriction'))).toHaveLength(0)
    await user.clear(within(card).getByRole('textbox', { name: /Неше күнге/ }))
    await user.type(within(card).getByRole('textbox', { name: /Неше күнге/ }), '3')
    await user.click(within(card).getByRole('button', { name: 'Кіруін шектеу' }))
    expect(await screen.findByRole('button', { name: 'Шектеуді алу' })).toBeInTheDocument()
    expect(sent.find(({ path }) => path.endsWith('/restriction'))).toMatchObject({ body: { nature: 'rights', days: 3 } })
  })

  it('are let in again from the list', async () => {
    const sent = serve({ [`GET ${API}/restricted`]: { body: [kept] }, [`POST ${API}/${ID}/release`]: { body: free } })
    const { user } = draw()
    const row = await screen.findByRole('row', { name: /dana\.n/ })
    expect(within(row).getByText('Басқа адамдардың құқығы бұзылды')).toBeInTheDocument()
    expect(within(row).getByText(/26\.11\.2026/)).toBeInTheDocument()
    await user.click(within(row).getByRole('button', { name: 'Шектеуді алу' }))
    expect(sent.some(({ path }) => path === `${API}/${ID}/release`)).toBe(true)
  })
})
