import { screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { queryClient } from '~/signup/api'
import { serve, show } from '~/testing/show'
import { SignInPage } from './SignInPage'

const SESSION = '/api/signup/session'
const nobody = { body: { kind: 'none', schools: [] } }
const school = { slug: 'mektep-7', name_kk: '№ 7 мектеп', name_ru: 'Школа № 7', roles: ['teacher'] }

function page() {
  return show(<SignInPage />, { entry: 'signup', language: 'kk', queries: queryClient })
}

async function enter(user: ReturnType<typeof page>['user'], login: string, password: string) {
  await user.clear(await screen.findByLabelText('Логин'))
  await user.type(screen.getByLabelText('Логин'), login)
  await user.type(screen.getByLabelText('Құпиясөз'), password)
  await user.click(screen.getByRole('button', { name: 'Кіру' }))
}

describe('signing in', () => {
  const assign = vi.fn()
  beforeEach(() => {
    queryClient.clear()
    window.history.replaceState(null, '', '/')
    vi.spyOn(window.location, 'assign').mockImplementation(assign)
    assign.mockReset()
  })

  it('leads straight into the one school', async () => {
    const sent = serve({ [`GET ${SESSION}`]: nobody, [`POST ${SESSION}`]: { body: { next: 'portal', schools: [school] } } })
    const { user } = page()
    await enter(user, ' aigul ', 'tort bota suda')
    await vi.waitFor(() => expect(assign).toHaveBeenCalledWith('/mektep-7/'))
    expect(sent.at(-1)?.body).toEqual({ login: 'aigul', password: 'tort bota suda' })
  })

  it('leads back to the page that asked for it', async () => {
    window.history.replaceState(null, '', '/?next=%2Fmektep-7%2Fjournal%3Fclass_id%3D1')
    serve({ [`GET ${SESSION}`]: nobody, [`POST ${SESSION}`]: { body: { next: 'portal', schools: [school] } } })
    const { user } = page()
    expect(screen.getByText(/Сеанс уақыты бітті/)).toBeInTheDocument()
    await enter(user, 'aigul', 'tort bota suda')
    await vi.waitFor(() => expect(assign).toHaveBeenCalledWith('/mektep-7/journal?class_id=1'))
  })

  it('asks for the code only when it is needed, and keeps what was typed', async () => {
    const sent = serve({
      [`GET ${SESSION}`]: nobody,
      [`POST ${SESSION}`]: ({ body }) =>
        (body as { code?: string }).code === '123456'
          ? { body: { next: 'portal', schools: [school] } }
          : { status: 401, body: { code: 'accounts.second-factor-needed', title: 'Код керек', status: 401 } },
    })
    const { user } = page()
    expect(screen.queryByLabelText('Растау коды')).not.toBeInTheDocument()
    await enter(user, 'aigul', 'tort bota suda')
    const code = await screen.findByLabelText('Растау коды')
    expect(code).toHaveFocus()
    expect(screen.queryByRole('alert')).not.toBeInTheDocument()
    await user.type(code, '123 456')
    await user.click(screen.getByRole('button', { name: 'Кіру' }))
    await vi.waitFor(() => expect(assign).toHaveBeenCalled())
    expect(sent.at(-1)?.body).toEqual({ login: 'aigul', password: 'tort bota suda', code: '123456' })
  })

  it('asks a passkey where there is one, and leaves the code beside it', async () => {
    class Device {
      static parseRequestOptionsFromJSON = (options: unknown) => options
      toJSON = () => ({ id: 'device' })
    }
    vi.stubGlobal('PublicKeyCredential', Device)
    const get = vi.fn().mockRejectedValueOnce(new DOMException('', 'NotAllowedError')).mockResolvedValue(new Device())
    vi.spyOn(navigator, 'credentials', 'get').mockReturnValue({ get } as unknown as CredentialsContainer)
    const sent = serve({
      [`GET ${SESSION}`]: nobody,
      [`POST ${SESSION}/challenge`]: { body: { options: { challenge: 'abc' } } },
      [`POST ${SESSION}`]: ({ body }) =>
        (body as { passkey?: unknown }).passkey
          ? { body: { next: 'portal', schools: [school] } }
          : { status: 401, body: { code: 'accounts.passkey-needed', title: 'Passkey керек', status: 401 } },
    })
    const { user } = page()
    await enter(user, 'aigul', 'tort bota suda')
    // The dialog was closed: that is no failure, and both ways are there.
    await user.click(await screen.findByRole('button', { name: 'Passkey кілтімен растау' }))
    await vi.waitFor(() => expect(assign).toHaveBeenCalledWith('/mektep-7/'))
    expect(get).toHaveBeenLastCalledWith({ publicKey: { challenge: 'abc' } })
    expect(sent.at(-1)?.body).toEqual({ login: 'aigul', password: 'tort bota suda', passkey: { id: 'device' } })
    expect(screen.queryByRole('alert')).not.toBeInTheDocument()
    vi.unstubAllGlobals()
  })

  it('says a refusal in one place and loses nothing', async () => {
    serve({ [`GET ${SESSION}`]: nobody, [`POST ${SESSION}`]: { status: 401, body: { code: 'accounts.wrong-credentials', title: 'Логин немесе құпиясөз дұрыс емес', status: 401 } } })
    const { user } = page()
    await enter(user, 'aigul', 'not this one')
    expect(await screen.findAllByText('Логин немесе құпиясөз дұрыс емес')).toHaveLength(1)
    expect(screen.getByLabelText('Логин')).toHaveValue('aigul')
    expect(screen.getByLabelText('Құпиясөз')).toHaveValue('not this one')
  })

  it('offers the choice to someone of two schools', async () => {
    const both = { kind: 'portal', login: 'aigul', schools: [school, { ...school, slug: 'gymnasium-1', name_kk: '№ 1 гимназия' }] }
    serve({ [`GET ${SESSION}`]: { body: both } })
    page()
    expect(await screen.findByRole('link', { name: /№ 1 гимназия/ })).toHaveAttribute('href', '/gymnasium-1/')
    expect(screen.getByRole('link', { name: /№ 7 мектеп/ })).toHaveAttribute('href', '/mektep-7/')
  })

  it('offers the school that was open last first, and says what to do with a paper', async () => {
    localStorage.setItem('kundelik.school', 'gymnasium-1')
    window.history.replaceState(null, '', '/#login=SULT-7K2P')
    const both = { kind: 'portal', login: 'aigul', schools: [school, { ...school, slug: 'gymnasium-1', name_kk: '№ 1 гимназия' }] }
    serve({ [`GET ${SESSION}`]: { body: both } })
    page()
    const links = await screen.findAllByRole('link', { name: /№ [17]/ })
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['/gymnasium-1/', '/mektep-7/'])
    expect(screen.getByText(/^Қағаздағы логинмен келдіңіз бе/)).toBeInTheDocument()
    localStorage.removeItem('kundelik.school')
    window.history.replaceState(null, '', '/')
  })

  it('fills in the login that a QR code carried', async () => {
    window.history.replaceState(null, '', '/#login=SULT-7K2P')
    serve({ [`GET ${SESSION}`]: nobody })
    page()
    expect(await screen.findByLabelText('Логин')).toHaveValue('SULT-7K2P')
  })
})
