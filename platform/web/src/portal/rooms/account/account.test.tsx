// The own account: a proof that is asked for in the middle of a write, codes that are shown once, sessions that are ended.
import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Language } from '~/lib/language'
import { AT, openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'
import { loadWords } from '~/testing/words'

const me = reader({ full_name: 'Серікова Айгүл', roles: ['guardian'], may: ['account.own'] })
const ME = { [`GET ${AT}/me`]: { body: me } }

const open = (language: Language = 'en') => openPortal('/mektep-7/account', language)

const session = (id: string, mine: boolean) => ({
  id,
  this: mine,
  created_at: '2026-09-10T03:00:00Z',
  seen_at: '2026-09-10T04:00:00Z',
  expires_at: '2026-09-11T03:00:00Z',
})

const own = {
  login: 'aigul.s',
  language: 'kk',
  email_waits: false,
  second_factor: false,
  second_factor_required: false,
  code_app: false,
  passkeys: [],
  recovery_codes: 0,
  min_password: 8,
  password_set_at: '2026-09-01T03:00:00Z',
  sessions: [session('00000000-0000-7000-8000-000000000001', true), session('00000000-0000-7000-8000-000000000002', false)],
}

const problem = (status: number, code: string) => ({ status, body: { code, title: code, status } })

describe('the own account', () => {
  it('asks for a proof, and sends the same write again with its key', async () => {
    let proven = false
    const sent = serve({
      ...ME,
      [`GET ${AT}/account`]: { body: own },
      [`PUT ${AT}/account/login`]: () => (proven ? { body: { done: true } } : problem(403, 'accounts.step-up-needed')),
      [`POST ${AT}/account/proof`]: () => {
        proven = true
        return { body: { done: true } }
      },
    })
    const { user } = await open()
    const login = await screen.findByRole('textbox', { name: 'Login' })
    await user.clear(login)
    await user.type(login, 'dana.b')
    await user.click(screen.getByRole('button', { name: 'Change the login' }))
    const dialog = await screen.findByRole('dialog')
    await user.type(within(dialog).getByLabelText(/^Password/), 'sabyr tubi')
    await user.click(within(dialog).getByRole('button', { name: 'Confirm' }))
    await screen.findByText(/The login is changed/)
    // There is nothing to send any more: the keyboard is at the field.
    await waitFor(() => expect(login).toHaveFocus())
    const tries = sent.filter(({ path }) => path.endsWith('/account/login'))
    expect(tries.map(({ body }) => body)).toEqual([{ login: 'dana.b' }, { login: 'dana.b' }])
    expect(new Set(tries.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1)
    expect(sent.find(({ path }) => path.endsWith('/account/proof'))?.body).toEqual({ password: 'sabyr tubi' })
  })

  it('keeps what was typed where the proof is not given', async () => {
    serve({ ...ME, [`GET ${AT}/account`]: { body: own }, [`PUT ${AT}/account/login`]: problem(403, 'accounts.step-up-needed') })
    const { user } = await open()
    const login = await screen.findByRole('textbox', { name: 'Login' })
    await user.clear(login)
    await user.type(login, 'dana.b')
    await user.click(screen.getByRole('button', { name: 'Change the login' }))
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancel' }))
    await screen.findByText('accounts.step-up-needed')
    expect(login).toHaveProperty('value', 'dana.b')
    await waitFor(() => expect(screen.getByRole('button', { name: 'Change the login' })).toHaveFocus())
  })

  it('ends another session, and shows recovery codes once', async () => {
    const sent = serve({
      ...ME,
      [`GET ${AT}/account`]: { body: { ...own, second_factor: true, code_app: true, recovery_codes: 3 } },
      [`POST ${AT}/account/sessions/end`]: { body: { ended: 1 } },
      [`POST ${AT}/account/recovery-codes`]: { body: { codes: ['ABCD-EFGH-JKMN', '0123-4567-89AB'] } },
    })
    const { user } = await open()
    await user.click(await screen.findByRole('button', { name: /^End the session/ }))
    await screen.findByText(/1 session ended/)
    expect(sent.find(({ path }) => path.endsWith('/sessions/end'))?.body).toEqual({ id: own.sessions[1]?.id })
    await user.click(screen.getByRole('button', { name: 'New recovery codes' }))
    await screen.findByText('ABCD-EFGH-JKMN')
    await user.click(screen.getByRole('button', { name: 'I have kept them' }))
    await waitFor(() => expect(screen.queryByText('ABCD-EFGH-JKMN')).toBeNull())
  })

  it('lists passkeys, and takes one away for the password', async () => {
    const passkey = { id: '00000000-0000-7000-8000-0000000000aa', kind: 'key', created_at: '2026-09-10T03:00:00Z' }
    const sent = serve({
      ...ME,
      [`GET ${AT}/account`]: { body: { ...own, second_factor: true, passkeys: [passkey] } },
      [`POST ${AT}/account/passkeys/removal`]: { body: { done: true } },
    })
    const { user } = await open()
    await screen.findByText(/^Security key/)
    expect(screen.getByText(/Draw new codes above/)).toBeDefined()
    await user.click(screen.getByRole('button', { name: /^Take away: Security key/ }))
    const form = screen.getByRole('form', { name: 'Take the passkey away' })
    await user.type(within(form).getByLabelText(/^Password/), 'sabyr tubi')
    await user.click(within(form).getByRole('button', { name: 'Take the passkey away' }))
    await screen.findByText(/The passkey is gone/)
    expect(sent.find(({ path }) => path.endsWith('/removal'))?.body).toEqual({ id: passkey.id, password: 'sabyr tubi' })
  })

  it('says in the language of now that a passkey was not made', async () => {
    const asIs = (options: unknown) => options
    vi.stubGlobal('PublicKeyCredential', Object.assign(function Known() {}, { parseCreationOptionsFromJSON: asIs, parseRequestOptionsFromJSON: asIs }))
    const create = vi.fn().mockRejectedValue(new DOMException('', 'NotAllowedError'))
    vi.spyOn(navigator, 'credentials', 'get').mockReturnValue({ create } as unknown as CredentialsContainer)
    serve({ ...ME, [`GET ${AT}/account`]: { body: own }, [`POST ${AT}/account/passkeys/challenge`]: { body: { options: { challenge: 'abc' } } } })
    const { user } = await open()
    await user.click(await screen.findByRole('button', { name: 'Add a passkey' }))
    await screen.findByText(/dialog was closed, or the time ran out/)
    act(() => loadWords('portal', 'kk'))
    screen.getByText(/Passkey терезесі жабылды/)
    vi.unstubAllGlobals()
  })

  it('leaves the last second factor to whoever must have one', async () => {
    const passkey = { id: '00000000-0000-7000-8000-0000000000aa', kind: 'phone', created_at: '2026-09-10T03:00:00Z' }
    serve({
      ...ME,
      [`GET ${AT}/account`]: { body: { ...own, second_factor: true, second_factor_required: true, recovery_codes: 3, passkeys: [passkey] } },
    })
    await open()
    await screen.findByText(/^Phone or tablet/)
    expect(screen.queryByRole('button', { name: /^Take away/ })).toBeNull()
  })

  const here = { slug: 'mektep-7', name_kk: '№ 7 мектеп', name_ru: 'Школа № 7', roles: ['guardian'] }
  const there = { slug: 'gymnasium-1', name_kk: '№ 1 гимназия', name_ru: 'Гимназия № 1', roles: ['teacher'] }
  const offer = { name_kk: '№ 1 гимназия', name_ru: 'Гимназия № 1', full_name: 'Серікова Айгүл', roles: ['teacher'] }
  const paper = { login: 'serikova.aigul.0a9z', temporary_password: 'ABCD-EFGH-JKMN' }

  const typePaper = async (user: Awaited<ReturnType<typeof open>>['user']) => {
    const form = within(await screen.findByRole('form', { name: 'Присоединить профиль в другой школе' }))
    await user.type(form.getByLabelText(/^Первичный логин/), paper.login)
    await user.type(form.getByLabelText(/^Временный пароль/), paper.temporary_password)
    await user.click(form.getByRole('button', { name: 'Посмотреть, чей это профиль' }))
    return form
  }

  it('shows whose profile a paper is, attaches it with the own password, and lists the new school', async () => {
    let attached = false
    const sent = serve({
      [`GET ${AT}/me`]: () => ({ body: { ...me, schools: attached ? [here, there] : [here] } }),
      [`GET ${AT}/account`]: { body: own },
      [`POST ${AT}/account/attachment/look`]: { body: { ...offer, password_needed: true } },
      [`POST ${AT}/account/attachment`]: () => {
        attached = true
        return { body: { slug: 'gymnasium-1' } }
      },
    })
    const { user } = await open('ru')
    await typePaper(user)
    const check = within(await screen.findByRole('form', { name: 'К вашей учётной записи будет присоединён этот профиль' }))
    expect(check.getByText('Гимназия № 1')).toBeDefined()
    expect(check.getByText('Серікова Айгүл')).toBeDefined()
    expect(check.getByText('учитель')).toBeDefined()
    await user.type(check.getByLabelText(/^Ваш собственный пароль/), 'sabyr tubi')
    await user.click(check.getByRole('button', { name: 'Присоединить' }))
    expect((await screen.findAllByRole('link', { name: 'Гимназия № 1' }))[0]).toHaveProperty('pathname', '/gymnasium-1/')
    await screen.findByText(/Гимназия № 1: профиль присоединён/)
    const writes = sent.filter(({ path }) => path.includes('/attachment')).map(({ body }) => body)
    expect(writes).toEqual([paper, { ...paper, password: 'sabyr tubi' }])
  })

  it('says what was done in the language of now', async () => {
    const passkey = { id: '00000000-0000-7000-8000-0000000000aa', kind: 'key', created_at: '2026-09-10T03:00:00Z' }
    const done = { body: { done: true } }
    serve({
      ...ME,
      [`GET ${AT}/account`]: { body: { ...own, passkeys: [passkey] } },
      [`PUT ${AT}/account/login`]: done,
      [`PUT ${AT}/account/password`]: done,
      [`POST ${AT}/account/email`]: done,
      [`PUT ${AT}/account/language`]: done,
      [`POST ${AT}/account/passkeys/removal`]: done,
      [`POST ${AT}/account/attachment/look`]: { body: { ...offer, password_needed: false } },
      [`POST ${AT}/account/attachment`]: { body: { slug: 'gymnasium-1' } },
      [`POST ${AT}/account/sessions/end-others`]: { body: { ended: 3 } },
    })
    const { user } = await open('ru')
    await user.type(await screen.findByRole('textbox', { name: 'Логин' }), '7')
    await user.click(screen.getByRole('button', { name: 'Сменить логин' }))
    await user.type(screen.getByLabelText(/^Нынешний пароль/), 'sabyr tubi')
    await user.type(screen.getByLabelText(/^Новый пароль/), 'tort bota suda')
    await user.click(screen.getByRole('button', { name: 'Сменить пароль' }))
    await user.type(screen.getByLabelText(/^Новый адрес/), 'aigul@mektep.example')
    await user.click(screen.getByRole('button', { name: 'Отправить код' }))
    await user.selectOptions(screen.getByRole('combobox', { name: 'Язык' }), 'ru')
    await user.click(screen.getByRole('button', { name: /^Убрать: / }))
    const form = within(screen.getByRole('form', { name: 'Убрать ключ доступа' }))
    await user.type(form.getByLabelText(/^Пароль/), 'sabyr tubi')
    await user.click(form.getByRole('button', { name: 'Убрать ключ доступа' }))
    await typePaper(user)
    await user.click(await screen.findByRole('button', { name: 'Присоединить' }))
    await user.click(screen.getByRole('button', { name: 'Завершить все остальные' }))
    const said = () => screen.getAllByRole('status').flatMap(({ textContent }) => (textContent?.startsWith('✓') ? [textContent] : []))
    await waitFor(() =>
      expect(said()).toEqual([
        '✓ Логин изменён',
        '✓ Пароль изменён, другие сеансы завершены',
        '✓ Код отправлен на aigul@mektep.example',
        '✓ Язык сохранён',
        '✓ Ключ доступа убран',
        '✓ Гимназия № 1: профиль присоединён',
        '✓ Завершено 3 сеанса',
      ]),
    )
    act(() => loadWords('portal', 'kk'))
    expect(said()).toEqual([
      '✓ Логин ауыстырылды',
      '✓ Құпиясөз ауыстырылды, басқа сеанстар аяқталды',
      '✓ Код aigul@mektep.example мекенжайына жіберілді',
      '✓ Тіл сақталды',
      '✓ Passkey кілті алынды',
      '✓ № 1 гимназия: тіркелгіңізге қосылды',
      '✓ 3 сеанс аяқталды',
    ])
  })

  it('attaches nothing where one thinks better of it, and says what does not fit at the field', async () => {
    let fits = false
    const wrong = { code: 'invalid', title: 'invalid', status: 422, fields: [{ field: 'temporary_password', code: 'credential-wrong', title: 'не подходит' }] }
    const sent = serve({
      ...ME,
      [`GET ${AT}/account`]: { body: own },
      [`POST ${AT}/account/attachment/look`]: () => (fits ? { body: { ...offer, password_needed: false } } : { status: 422, body: wrong }),
    })
    const { user } = await open('ru')
    const form = await typePaper(user)
    expect((await form.findAllByText('не подходит')).length).toBeGreaterThan(0)
    expect(form.getByLabelText(/^Временный пароль/)).toHaveProperty('value', paper.temporary_password)
    fits = true
    await user.click(form.getByRole('button', { name: 'Посмотреть, чей это профиль' }))
    const check = within(await screen.findByRole('form', { name: 'К вашей учётной записи будет присоединён этот профиль' }))
    expect(check.queryByLabelText(/^Ваш собственный пароль/)).toBeNull()
    await user.click(check.getByRole('button', { name: 'Отмена' }))
    await screen.findByRole('form', { name: 'Присоединить профиль в другой школе' })
    expect(sent.filter(({ path }) => path.endsWith('/account/attachment'))).toEqual([])
  })

  it('voids the password only when the login was typed', async () => {
    serve({ ...ME, [`GET ${AT}/account`]: { body: own } })
    const { user } = await open('ru')
    await user.click(await screen.findByRole('button', { name: 'Аннулировать пароль' }))
    const dialog = await screen.findByRole('dialog')
    const button = within(dialog).getByRole('button', { name: 'Аннулировать и выйти' })
    expect(button).toHaveProperty('disabled', true)
    await user.type(within(dialog).getByRole('textbox'), 'aigul.s')
    expect(button).toHaveProperty('disabled', false)
  })
})
