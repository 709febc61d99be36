import { screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { queryClient } from '~/signup/api'
import { serve, show } from '~/testing/show'
import { ActivatePage } from './ActivatePage'

const base = '/api/signup'
const application = {
  number: '2026-000012',
  name_kk: '№ 7 мектеп',
  name_ru: 'Школа № 7',
  bin: '160340016781',
  legal_address: 'Абай, 12',
  postal_address: 'Абай, 12',
  city: 'Көкшетау',
  director: 'Жақсыбекова Әлия',
  email: 'm7@example.kz',
  phone: '+77011234567',
}
const agreement = { id: '0198f000-0000-7000-8000-000000000002', number: '2026-000007', date: '2026-11-23', state: 'draft', version: 3 }
const activation = (step: string, more = {}) => ({ step, application, proposed_slug: 'mektep-7', ...more })
const registration = { kind: 'activation', proposed_login: 'zhaksybekova.alia', second_factor_required: true, terms_version: '1', min_password: 8, roles: ['administrator'] }
const account = {
  [`GET ${base}/registration`]: { body: registration },
  [`POST ${base}/registration/second-factor`]: { body: { secret: 'JBSWY3DPEHPK3PXP', otpauth_url: 'otpauth://totp/x', qr_svg: '<svg/>' } },
  [`GET ${base}/terms`]: { body: { version: '1', published_on: '2026-08-01', title: 'Келісім', clauses: [] } },
}

function service(done: number) {
  const names = ['claim_slug', 'create_schema', 'claim_prefix', 'smoke_check', 'open_school']
  const steps = names.map((name, at) => ({ name, state: at < done ? 'done' : at === done ? 'running' : 'waiting', attempts: 1 }))
  return { school_id: agreement.id, slug: 'mektep-7', state: done === 5 ? 'active' : 'provisioning', attempt: 1, steps }
}

/** A stream that a test speaks through. */
class Line {
  static last: Line | undefined
  onopen?: () => void
  onmessage?: (message: { data: string }) => void
  onerror?: () => void
  constructor(readonly path: string) {
    Line.last = this
  }
  close() {
    if (Line.last === this) Line.last = undefined
  }
}

const page = () => show(<ActivatePage />, { entry: 'signup', language: 'kk', queries: queryClient })
const now = () => within(screen.getByRole('navigation', { name: /іске қосу қадамдары/ })).getByRole('listitem', { current: 'step' })

describe('activation', () => {
  beforeEach(() => {
    queryClient.clear()
    vi.spyOn(window.location, 'assign').mockImplementation(() => undefined)
    vi.stubGlobal('EventSource', Line)
    URL.createObjectURL ??= () => 'blob:agreement'
    URL.revokeObjectURL ??= () => undefined
  })

  it('goes from the account to the user agreement, registers once, and comes back to what was refused', async () => {
    let answers = [{ status: 422, body: { code: 'signup.invalid', title: '', status: 422, fields: [{ field: 'login', code: 'login-taken', title: 'Бұл логин бос емес' }] } }]
    const sent = serve({ ...account, [`GET ${base}/activation`]: { body: activation('account') }, [`POST ${base}/registration`]: () => answers.shift() ?? { body: { next: 'activate' } } })
    const { user } = page()
    await user.type(await screen.findByLabelText(/^Жаңа құпиясөз/), 'tort bota suda')
    await user.type(screen.getByLabelText(/^Растау коды/), '123456')
    await user.click(screen.getByRole('button', { name: 'Пайдаланушы келісіміне өту' }))
    expect(now()).toHaveTextContent('Пайдаланушы келісімі')
    await user.click(screen.getByRole('checkbox'))
    await user.click(screen.getByRole('button', { name: 'Қабылдап, тіркелу' }))
    expect(await screen.findByLabelText(/^Өз логиніңіз/)).toBeInvalid()
    expect(screen.getByLabelText(/^Жаңа құпиясөз/)).toHaveValue('tort bota suda')
    expect(sent.filter(({ path }) => path.endsWith('/second-factor'))).toHaveLength(1)
    answers = []
  })

  it('draws up the agreement from the application’s requisites', async () => {
    const sent = serve({ [`GET ${base}/activation`]: { body: activation('agreement') }, [`POST ${base}/agreement`]: { body: agreement } })
    const { user } = page()
    expect(await screen.findByLabelText(/^Директордың/)).toHaveValue('Жақсыбекова Әлия')
    await user.click(screen.getByRole('button', { name: 'Келісімді жасау' }))
    await vi.waitFor(() => expect(sent.find(({ method }) => method === 'POST')?.body).toMatchObject({ director_ground: 'Жарғы', city: 'Көкшетау', name_ru: 'Школа № 7' }))
    expect(sent.find(({ method }) => method === 'POST')?.body).not.toHaveProperty('rnn')
  })

  it('signs the version that was read, and only with the confirmation', async () => {
    const sent = serve({ [`GET ${base}/activation`]: { body: activation('agreement', { agreement }) }, [`POST ${base}/agreement/signature`]: { body: { ...agreement, state: 'signed' } } })
    const { user } = page()
    await user.click(await screen.findByRole('button', { name: 'Келісімге қол қою' }))
    expect(sent.some(({ method }) => method === 'POST')).toBe(false)
    await user.click(screen.getByRole('checkbox'))
    await user.click(screen.getByRole('button', { name: 'Келісімге қол қою' }))
    await vi.waitFor(() =>
      expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({ agreement_id: agreement.id, version: 3, signed_name: 'Жақсыбекова Әлия', accepted: true }),
    )
  })

  it('shows the steps as the stream tells them, and opens the school', async () => {
    serve({ [`GET ${base}/activation`]: { body: activation('service', { service: service(0) }) }, [`GET ${base}/service`]: { body: service(0) }, [`POST ${base}/service/entrance`]: { body: { slug: 'mektep-7' } } })
    const { user } = page()
    await vi.waitFor(() => expect(Line.last?.path).toBe(`${base}/service/events`))
    expect(screen.getByRole('list', { name: 'Мектепті дайындау қадамдары' })).toBeInTheDocument()
    Line.last?.onopen?.()
    Line.last?.onmessage?.({ data: JSON.stringify(service(5)) })
    await user.click(await screen.findByRole('button', { name: 'Мектебіңізді ашу' }))
    await vi.waitFor(() => expect(window.location.assign).toHaveBeenCalledWith('/mektep-7/'))
    expect(Line.last).toBeUndefined()
  })

  it('asks again and again where the stream does not come through', async () => {
    const reads = [service(0), service(3), service(5)]
    serve({ [`GET ${base}/activation`]: { body: activation('service', { service: service(0) }) }, [`GET ${base}/service`]: () => ({ body: reads.length > 1 ? reads.shift() : reads[0] }) })
    page()
    await vi.waitFor(() => expect(Line.last).toBeDefined())
    Line.last?.onerror?.()
    expect(await screen.findByRole('button', { name: 'Мектебіңізді ашу' }, { timeout: 6_000 })).toBeInTheDocument()
  }, 10_000)
})
