import { screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'

const me = reader({
  full_name: 'Сұлтанова Айгүл Бекқызы',
  roles: ['teacher'],
  schools: [{ slug: 'mektep-7', name_kk: '№ 7 мектеп', name_ru: 'Школа № 7', roles: ['teacher'] }],
})
const ME = 'GET /api/portal/mektep-7/me'

const open = (path: string) => openPortal(path, 'kk')

describe('the portal', () => {
  const assign = vi.fn()
  beforeEach(() => {
    vi.spyOn(window.location, 'assign').mockImplementation(assign)
    assign.mockReset()
  })

  it('leads someone without a session to the sign-in page and back to this page', async () => {
    serve({ [ME]: { status: 401, body: { code: 'accounts.signed-out', title: '', status: 401 } } })
    await open('/mektep-7/journal?class_id=1')
    await vi.waitFor(() => expect(assign).toHaveBeenCalledWith(`/?next=${encodeURIComponent('/mektep-7/journal?class_id=1')}`))
    expect(screen.queryByRole('alert')).not.toBeInTheDocument()
  })

  it('says that there is no such page where the school is not the reader’s', async () => {
    serve({ [ME]: { status: 404, body: { code: 'not-found', title: 'Табылмады', status: 404 } } })
    await open('/mektep-7/')
    expect(await screen.findByRole('heading', { name: 'Мұндай бет жоқ' })).toBeInTheDocument()
  })

  it('greets with the school’s name and a way out', async () => {
    const sent = serve({ [ME]: { body: me }, 'DELETE /api/signup/session': { status: 204 } })
    const { user } = await open('/mektep-7/')
    expect(await screen.findByRole('link', { name: '№ 7 мектеп' })).toHaveAttribute('href', '/mektep-7/')
    expect(screen.getByRole('main')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Шығу' }))
    await vi.waitFor(() => expect(assign).toHaveBeenCalledWith('/'))
    expect(sent.some(({ method, path }) => method === 'DELETE' && path === '/api/signup/session')).toBe(true)
    expect(screen.queryByRole('button', { name: 'Мектепті ауыстыру' })).toBeNull()
  })

  it('leads somebody of two schools to the other one by keyboard, as another page', async () => {
    const there = { slug: 'gymnasium-1', name_kk: '№ 1 гимназия', name_ru: 'Гимназия № 1', roles: ['guardian', 'teacher'] }
    serve({ [ME]: { body: { ...me, schools: [...me.schools, there] } } })
    const { user } = await open('/mektep-7/')
    await screen.findByRole('heading', { level: 1 })
    const button = await screen.findByRole('button', { name: 'Мектепті ауыстыру' })
    button.focus()
    await user.keyboard('{Enter}')
    const items = await screen.findAllByRole('menuitem')
    expect(items.map((item) => item.textContent)).toEqual(['№ 1 гимназия ата-ана немесе заңды өкіл, мұғалім'])
    expect(items[0]).toHaveAttribute('href', '/gymnasium-1/')
    expect(items[0]).toHaveProperty('tagName', 'A')
    await user.keyboard('{Escape}')
    await vi.waitFor(() => expect(screen.queryAllByRole('menuitem')).toHaveLength(0))
  })
})
