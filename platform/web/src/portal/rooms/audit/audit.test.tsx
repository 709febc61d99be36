import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { AT, openPortal, reader } from '~/testing/portal'
import { serve } from '~/testing/show'
import { GROUPS } from './operations'

const DANA = '0198f000-0000-7000-8000-000000000001'
const AIGUL = '0198f000-0000-7000-8000-000000000002'
const me = reader({ may: ['people.search', 'person.see', 'audit.see'] })
const line = (n: number, more: object) => ({
  id: `0198f000-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`,
  at: '2026-11-23T04:05:00Z',
  operation: 'mark_put',
  actor_id: AIGUL,
  actor_name: 'Сәрсенова Айгүл',
  came_from: '203.0.113.0/24',
  sealed: true,
  ...more,
})
const dana = { id: DANA, full_name: 'Ахметова Дана', surname: 'Ахметова', given_name: 'Дана', roles: ['student'], class_name: '7Ә', credential: 'none', version: 1 }

const open = (path: string) => openPortal(`/mektep-7${path}`, 'kk')

const words = (language: string) => JSON.parse(readFileSync(join(import.meta.dirname, `../../../locales/${language}/audit.json`), 'utf8')) as Record<string, string>

describe('the audit', () => {
  it('has words in every language, and a group, for every writing operation of the portal', () => {
    const spec = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../../../docs/openapi/portal.json'), 'utf8')) as {
      paths: Record<string, Record<string, { operationId: string; parameters?: { name: string }[] }>>
    }
    const operations = Object.values(spec.paths).flatMap((methods) => Object.values(methods))
    const writing = operations.filter(({ parameters }) => parameters?.some(({ name }) => name === 'Idempotency-Key')).map(({ operationId }) => operationId)
    expect(writing.length).toBeGreaterThan(15)
    const grouped: string[] = Object.values(GROUPS).flat()
    expect(writing.filter((operation) => !grouped.includes(operation))).toEqual([])
    for (const language of ['kk', 'ru', 'en']) {
      const known = words(language)
      expect([...grouped, 'register'].filter((operation) => !known[`audit.operation.${operation}`])).toEqual([])
    }
  })

  it('says each line in words, and goes to older ones', async () => {
    const first = [line(1, { subject_id: DANA, subject_name: 'Ахметова Дана', detail: { from: null, to: 9, date: '2026-11-20' } }), line(2, { operation: 'roles_put', subject_name: 'Оспанов Ерлан', detail: { from: ['teacher'], to: ['editor', 'teacher'] }, sealed: false })]
    const sent = serve({
      [`GET ${AT}/me`]: { body: me },
      [`POST ${AT}/audit/search`]: ({ body }) => ((body as { before?: string }).before ? { body: { lines: [line(3, { operation: 'gone_since' })], more: false } } : { body: { lines: first, more: true } }),
    })
    const { user } = await open('/audit')
    const list = await screen.findByRole('list', { name: 'Жазбалар' })
    const rows = within(list).getAllByRole('listitem')
    expect(rows[0]).toHaveTextContent('Сәрсенова Айгүл — Баға қойылды немесе өзгертілді: Ахметова Дана')
    expect(rows[0]).toHaveTextContent('20.11.2026: — → 9')
    expect(rows[0]).toHaveTextContent('Желі: 203.0.113.0/24 · мөрленген')
    expect(rows[1]).toHaveTextContent('мұғалім → редактор, мұғалім')
    expect(rows[1]).toHaveTextContent('бір минутта мөрленеді')
    await user.click(screen.getByRole('button', { name: 'Бұрынғылары' }))
    expect(await screen.findByText(/gone_since/)).toBeInTheDocument()
    expect(sent.at(-1)?.body).toEqual({ limit: 50, before: first[1]?.id })
    await user.click(screen.getByRole('button', { name: 'Кейінгілері' }))
    expect(await screen.findByText(/Баға қойылды/)).toBeInTheDocument()
  })

  it('is narrowed by a person and a group, which stand in the address by id', async () => {
    const sent = serve({
      [`GET ${AT}/me`]: { body: me },
      [`POST ${AT}/people/search`]: ({ body }) => ({ body: (body as { kind: string }).kind === 'student' ? { count: 1, people: [dana] } : { count: 0, people: [] } }),
      [`POST ${AT}/audit/search`]: { body: { lines: [], more: false } },
    })
    const { user } = await open('/audit')
    expect(await screen.findByText('Әзірге ештеңе жасалмаған')).toBeInTheDocument()
    await user.selectOptions(screen.getByLabelText('Не жасалды'), 'journal')
    await user.type(screen.getByLabelText('Кім туралы'), 'дана')
    await user.click(await screen.findByRole('button', { name: 'Кім туралы: Ахметова Дана адамын таңдау' }))
    await waitFor(() => expect(sent.at(-1)?.body).toEqual({ limit: 50, subject_id: DANA, operations: ['mark_put', 'attendance_put', 'roll_take'] }))
    expect(await screen.findByRole('button', { name: 'Кім туралы: Ахметова Дана сүзгісін алып тастау' })).toBeInTheDocument()
    expect(window.location.search).toContain(DANA)
    expect(decodeURIComponent(window.location.search)).not.toContain('Дана')
    await user.type(screen.getByLabelText('Басталған күні'), '31.02.2026{Enter}')
    expect(await screen.findByText('Күнді 01.09.2026 түрінде жазыңыз')).toBeInTheDocument()
    await user.clear(screen.getByLabelText('Басталған күні'))
    await user.type(screen.getByLabelText('Басталған күні'), '01.11.2026{Enter}')
    await waitFor(() => expect(sent.at(-1)?.body).toMatchObject({ from: '2026-11-01', subject_id: DANA }))
    await user.click(await screen.findByRole('button', { name: 'Сүзгілерді тазалау' }))
    await waitFor(() => expect(sent.at(-1)?.body).toEqual({ limit: 50 }))
  })

  it('tells who has looked at whose card', async () => {
    const look = { id: DANA, at: '2026-11-23T04:05:00Z', what: 'card', actor_id: AIGUL, actor_name: 'Сәрсенова Айгүл', subject_id: DANA, subject_name: 'Ахметова Дана', came_from: '203.0.113.0/24' }
    const sent = serve({ [`GET ${AT}/me`]: { body: me }, [`POST ${AT}/audit/looks`]: { body: { looks: [look], more: false } } })
    await open(`/audit?tab=looks&subject=${DANA}`)
    expect(await screen.findByText(/Карточканы қарады: Ахметова Дана/)).toBeInTheDocument()
    expect(sent.at(-1)?.body).toEqual({ limit: 50, subject_id: DANA })
    expect(screen.getByRole('button', { name: 'Кім туралы: Ахметова Дана сүзгісін алып тастау' })).toBeInTheDocument()
  })

  it('stands on a student’s card for who may see it', async () => {
    const card = { ...dana, kind: 'student', sex: 'f', registered: false, guardians: [] }
    const look = { id: AIGUL, at: '2026-11-23T04:05:00Z', what: 'card', actor_id: AIGUL, actor_name: 'Сәрсенова Айгүл', subject_id: DANA, came_from: '203.0.113.0/24' }
    serve({
      [`GET ${AT}/me`]: { body: me },
      [`GET ${AT}/classes`]: { body: [] },
      [`POST ${AT}/people/search`]: { body: { count: 1, people: [dana] } },
      [`GET ${AT}/people/${DANA}`]: { body: card },
      [`POST ${AT}/audit/looks`]: { body: { looks: [look], more: true } },
    })
    await open(`/people?kind=student&person=${DANA}`)
    const looks = await screen.findByRole('region', { name: 'Бұл карточканы кім қарады' })
    expect(await within(looks).findByText(/Сәрсенова Айгүл/)).toBeInTheDocument()
    expect(within(looks).getByRole('link', { name: 'Барлық қарауларды көрсету' })).toHaveAttribute('href', `/mektep-7/audit?tab=looks&subject=${DANA}`)
  })
})
