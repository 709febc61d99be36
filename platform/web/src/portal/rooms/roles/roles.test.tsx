import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { AT, openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'

const ANAR = '0198f000-0000-7000-8000-000000000009'
const AIGUL = '0198f000-0000-7000-8000-000000000002'
const me = reader({ profile_id: ANAR, may: ['role.see', 'role.grant'] })
const holders = [
  { id: ANAR, full_name: 'Әлиева Анар', roles: ['administrator'], registered: true, version: 1 },
  { id: AIGUL, full_name: 'Сәрсенова Айгүл', position: 'мұғалім', roles: ['teacher', 'guardian'], registered: true, version: 4 },
]

const open = (path: string) => openPortal(`/mektep-7${path}`, 'kk')

describe('roles', () => {
  it('have words in every language for every act and relation of the policies', () => {
    const policies = join(import.meta.dirname, '../../../../../../policies')
    const files = readdirSync(policies).filter((name) => name.endsWith('.csv') && name !== 'operator.csv')
    const lines = files.flatMap((name) => readFileSync(join(policies, name), 'utf8').split('\n')).filter(Boolean)
    const rights = lines.map((one) => one.split(',').map((part) => part.trim()))
    expect(rights.length).toBeGreaterThan(60)
    for (const language of ['kk', 'ru', 'en']) {
      const known = JSON.parse(readFileSync(join(import.meta.dirname, `../../../locales/${language}/roles.json`), 'utf8')) as Record<string, string>
      const wanted = rights.flatMap(([, , act = '', relation = '']) => [`roles.act.${act}`, `roles.relation.${relation}`, `roles.subject.${act.split('.')[0] ?? ''}`])
      expect([...new Set(wanted)].filter((id) => !known[id])).toEqual([])
    }
  })

  it('are given in a drawer; the role of a guardian is left as it is', async () => {
    const sent = serve({
      [`GET ${AT}/me`]: { body: me },
      [`GET ${AT}/roles`]: { body: holders },
      [`PUT ${AT}/people/${AIGUL}/roles`]: { body: { ...holders[1], roles: ['editor', 'teacher', 'guardian'], version: 5 } },
    })
    const { user } = await open('/roles')
    expect(await screen.findByText('1 әкімші')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Сәрсенова Айгүл: рөлдерін өзгерту' }))
    const drawer = await screen.findByRole('dialog')
    await user.click(within(drawer).getByLabelText('редактор'))
    await user.click(within(drawer).getByRole('button', { name: 'Сақтау' }))
    expect(await screen.findByText(/Рөлдер сақталды: Сәрсенова Айгүл/)).toBeInTheDocument()
    const put = sent.find(({ method }) => method === 'PUT')
    expect(put?.body).toEqual({ roles: ['teacher', 'editor'], version: 4 })
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument())
  })

  it('say why the last administrator stays, and keep what was chosen', async () => {
    const refusal = 'Бұл — мектептің соңғы әкімшісі.'
    serve({
      [`GET ${AT}/me`]: { body: me },
      [`GET ${AT}/roles`]: { body: holders },
      [`PUT ${AT}/people/${ANAR}/roles`]: { status: 409, body: { code: 'people.last-administrator', title: refusal, status: 409 } },
    })
    const { user } = await open(`/roles?person=${ANAR}`)
    const drawer = await screen.findByRole('dialog')
    await user.click(within(drawer).getByLabelText('әкімші'))
    await user.click(within(drawer).getByRole('button', { name: 'Сақтау' }))
    expect((await within(drawer).findAllByText('Кемінде бір рөл қалдырыңыз')).length).toBeGreaterThan(0)
    await user.click(within(drawer).getByLabelText('мұғалім'))
    await user.click(within(drawer).getByRole('button', { name: 'Сақтау' }))
    expect(await within(drawer).findByText(refusal)).toBeInTheDocument()
    expect(within(drawer).getByLabelText('мұғалім')).toBeChecked()
    expect(within(drawer).getByLabelText('әкімші')).not.toBeChecked()
  })

  it('show the rights as the server has them', async () => {
    const rights = [{ role: 'guardian', rights: [{ act: 'calendar.see', relations: ['any'] }, { act: 'person.see', relations: ['own', 'ward'] }] }]
    serve({ [`GET ${AT}/me`]: { body: me }, [`GET ${AT}/roles/rights`]: { body: rights } })
    await open('/roles?tab=rights')
    const guardian = await screen.findByRole('region', { name: 'ата-ана немесе заңды өкіл' })
    expect(within(guardian).getByText('оқу жылы мен қоңырауларды көреді')).toBeInTheDocument()
    expect(within(guardian).getByText('адамның карточкасын көреді: тек өзі туралы, өз баласы туралы')).toBeInTheDocument()
  })
})
