import { screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { queryClient } from '~/signup/api'
import { serve, show } from '~/testing/show'
import { RegisterPage } from './RegisterPage'

const READ = 'GET /api/signup/registration'
const SEND = 'POST /api/signup/registration'
const ATTACH = 'POST /api/signup/registration/attachment'
const TERMS = { 'GET /api/signup/terms': { body: { version: '1', published_on: '2026-08-01', title: 'Келісім', clauses: [{ number: '1.', text: 'Бірінші тармақ' }] } } }
const guardian = { kind: 'initial', proposed_login: 'sultanova.aigul7', second_factor_required: false, terms_version: '1', min_password: 8, school_name_kk: '№ 7 мектеп', roles: ['guardian'] }

const problem = (status: number, code: string) => ({ status, body: { code, title: code, status } })
const page = () => show(<RegisterPage />, { entry: 'signup', language: 'kk', queries: queryClient })

describe('registration', () => {
  beforeEach(() => {
    queryClient.clear()
    vi.spyOn(window.location, 'assign').mockImplementation(() => undefined)
  })

  it('takes the proposed login, a password and the accepted agreement, and leads into the school', async () => {
    const sent = serve({ ...TERMS, [READ]: { body: guardian }, [SEND]: { body: { next: 'portal', slug: 'mektep-7' } } })
    const { user } = page()
    expect(await screen.findByLabelText(/^Өз логиніңіз/)).toHaveValue('sultanova.aigul7')
    await user.type(screen.getByLabelText(/^Жаңа құпиясөз/), 'tort bota suda')
    expect(screen.getByText('Мықты')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Тіркеліп, кіру' }))
    expect(screen.getByRole('checkbox')).toBeInvalid()
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(0)
    await user.click(screen.getByRole('checkbox'))
    await user.click(screen.getByRole('button', { name: 'Тіркеліп, кіру' }))
    await vi.waitFor(() => expect(window.location.assign).toHaveBeenCalledWith('/mektep-7/'))
    expect(sent.at(-1)?.body).toEqual({ login: 'sultanova.aigul7', password: 'tort bota suda', terms_version: '1', language: 'kk' })
    expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toContain('bota')
  })

  it('says the strength of a password in words', async () => {
    serve({ ...TERMS, [READ]: { body: { ...guardian, min_password: 15 } } })
    const { user } = page()
    await user.type(await screen.findByLabelText(/^Жаңа құпиясөз/), 'tort bota')
    expect(screen.getByText('Тым қысқа: 15 таңбаның 9-і бар')).toBeInTheDocument()
  })

  it('lets a teacher choose the second factor and then a shorter password', async () => {
    const factor = { secret: 'JBSWY3DPEHPK3PXP', otpauth_url: 'otpauth://totp/x', qr_svg: '<svg/>' }
    const sent = serve({
      ...TERMS,
      [READ]: { body: { ...guardian, roles: ['teacher'], min_password: 15 } },
      'POST /api/signup/registration/second-factor': { body: factor },
      [SEND]: { body: { next: 'portal', slug: 'mektep-7' } },
    })
    const { user } = page()
    await user.click(await screen.findByRole('button', { name: 'Телефондағы кодты қосу' }))
    expect(await screen.findByText('JBSW Y3DP EHPK 3PXP')).toBeInTheDocument()
    await user.type(screen.getByLabelText(/^Жаңа құпиясөз/), 'tort bota suda')
    await user.type(screen.getByLabelText(/^Растау коды/), '123456')
    await user.click(screen.getByRole('checkbox'))
    await user.click(screen.getByRole('button', { name: 'Тіркеліп, кіру' }))
    await vi.waitFor(() => expect(sent.at(-1)?.body).toMatchObject({ code: '123456' }))
  })

  const has = async (user: ReturnType<typeof page>['user']) => {
    await user.click(await screen.findByRole('button', { name: 'Менің тіркелгім бар' }))
    const form = within(screen.getByRole('form', { name: 'Мектепті өз тіркелгіңізге қосу' }))
    await user.type(form.getByLabelText(/^Өз логиніңіз/), ' aigul.s ')
    await user.type(form.getByLabelText(/^Өз құпиясөзіңіз/), 'tort bota suda')
    return form
  }

  it('brings the school to an account that is there, asks for its code, and leads into that school', async () => {
    const sent = serve({
      ...TERMS,
      [READ]: { body: guardian },
      [ATTACH]: ({ body }) => ((body as { code?: string }).code ? { body: { next: 'portal', slug: 'mektep-7' } } : problem(401, 'accounts.second-factor-needed')),
    })
    const { user } = page()
    const form = await has(user)
    await user.click(form.getByRole('button', { name: 'Қосып, кіру' }))
    const code = await form.findByLabelText(/^Растау коды/)
    expect(code).toHaveFocus()
    await user.type(code, '123 456')
    await user.click(form.getByRole('button', { name: 'Қосып, кіру' }))
    await vi.waitFor(() => expect(window.location.assign).toHaveBeenCalledWith('/mektep-7/'))
    const shown = { login: 'aigul.s', password: 'tort bota suda' }
    expect(sent.filter(({ path }) => path.endsWith('/attachment')).map(({ body }) => body)).toEqual([shown, { ...shown, code: '123456' }])
    expect(sent.some(({ method, path }) => method === 'POST' && path.endsWith('/registration'))).toBe(false)
    expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toContain('bota')
  })

  it('leads to the own account where that must be put right first, and back to a new one', async () => {
    serve({ ...TERMS, [READ]: { body: guardian }, [ATTACH]: problem(409, 'accounts.attach-factor-first') })
    const { user } = page()
    const form = await has(user)
    await user.click(form.getByRole('button', { name: 'Қосып, кіру' }))
    expect(await form.findByText('accounts.attach-factor-first')).toBeInTheDocument()
    expect(form.getByRole('link', { name: 'Өз логиніңізбен кіру' })).toHaveAttribute('href', '/')
    await user.click(form.getByRole('button', { name: 'Жаңа тіркелгі ашу' }))
    expect(screen.getByRole('button', { name: 'Тіркеліп, кіру' })).toBeInTheDocument()
  })

  it('offers a new account alone to who comes with another kind of paper', async () => {
    serve({ ...TERMS, [READ]: { body: { ...guardian, kind: 'activation' } } })
    page()
    expect(await screen.findByRole('button', { name: 'Тіркеліп, кіру' })).toBeInTheDocument()
    expect(screen.queryByRole('button', { name: 'Менің тіркелгім бар' })).toBeNull()
  })

  it('says what to do when the session has ended', async () => {
    serve({ [READ]: { status: 401, body: { code: 'accounts.signed-out', title: '', status: 401 } } })
    page()
    expect(await screen.findByRole('link', { name: 'Кіру бетіне өту' })).toHaveAttribute('href', '/')
  })
})
