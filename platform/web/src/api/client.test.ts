import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadWords } from '~/testing/words'
import { serve } from '~/testing/show'
import { createClient } from './client'
import type { paths } from './generated/portal'
import type { paths as SignupPaths } from './generated/signup'
import { isProblem, Problem } from './problem'

const ROLL = 'PUT /api/portal/demo/journal/roll'
const lesson = { lesson_id: '0198f000-0000-7000-8000-000000000001' }

async function thrown(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(() => undefined, (reason: unknown) => reason)
  if (!(error instanceof Problem)) throw new Error('no problem was thrown')
  return error
}

describe('the client', () => {
  const client = createClient<paths>({ baseUrl: '/api/portal/demo' })
  beforeEach(() => loadWords('portal', 'kk'))

  it('speaks the chosen language, and gives reads no key', async () => {
    const sent = serve({ 'GET /api/portal/demo/classes': { body: [] }, 'POST /api/portal/demo/people/search': { body: { count: 0, people: [] } } })
    await client.GET('/classes')
    await client.POST('/people/search', { body: { kind: 'staff' } })
    expect(sent.map((one) => one.headers.get('accept-language'))).toEqual(['kk', 'kk'])
    expect(sent.map((one) => one.headers.get('idempotency-key'))).toEqual([null, null])
  })

  it('repeats an unclear write under the same key, and takes a new one after a clear end', async () => {
    let replies = [new Error('line cut'), { status: 503 }, { body: { ...lesson, taken_at: '' } }, { body: { ...lesson, taken_at: '' } }]
    const sent = serve({
      [ROLL]: () => {
        const [first, ...rest] = replies
        replies = rest
        return first ?? { status: 500 }
      },
    })
    for (let tries = 0; tries < 4; tries++) await client.PUT('/journal/roll', { body: lesson }).catch(() => undefined)
    const [first, second, third, fourth] = sent.map((one) => one.headers.get('idempotency-key'))
    expect(first).toMatch(/^[0-9a-f-]{36}$/)
    expect(second).toBe(first)
    expect(third).toBe(first)
    expect(fourth).not.toBe(first)
  })

  it('sends every change as JSON, also one without a body', async () => {
    const site = createClient<SignupPaths>({ baseUrl: '/api/signup' })
    const sent = serve({ 'POST /api/signup/service/entrance': { body: { slug: 'mektep-7' } }, 'DELETE /api/signup/session': { status: 204 } })
    await site.POST('/service/entrance')
    await site.DELETE('/session')
    expect(sent.map((one) => one.headers.get('content-type'))).toEqual(['application/json', null])
  })

  it('does not share a key between different bodies', async () => {
    const sent = serve({ [ROLL]: new Error('line cut') })
    await client.PUT('/journal/roll', { body: lesson }).catch(() => undefined)
    await client.PUT('/journal/roll', { body: { lesson_id: '0198f000-0000-7000-8000-000000000002' } }).catch(() => undefined)
    expect(sent[0]?.headers.get('idempotency-key')).not.toBe(sent[1]?.headers.get('idempotency-key'))
  })

  it('throws what the server refused, with fields, conflict and waiting time', async () => {
    serve({
      [ROLL]: {
        status: 409,
        headers: { 'retry-after': '7' },
        body: {
          code: 'journal.cell-changed',
          title: 'Ұяшық өзгертілген',
          status: 409,
          request_id: 'r-1',
          fields: [{ field: 'value', code: 'changed', title: 'Өзгерген' }, 'nonsense'],
          conflict: { by: 'Ермекова А.', at: '2026-09-01T05:00:00Z', value: '8' },
        },
      },
    })
    const problem = await thrown(client.PUT('/journal/roll', { body: lesson }))
    expect(problem).toMatchObject({ code: 'journal.cell-changed', title: 'Ұяшық өзгертілген', status: 409, requestId: 'r-1', retryAfter: 7 })
    expect(problem.fields).toEqual([{ field: 'value', code: 'changed', title: 'Өзгерген' }])
    expect(problem.conflict?.by).toBe('Ермекова А.')
    expect(isProblem(problem, 'journal.cell-changed')).toBe(true)
  })

  it('makes problems of a cut line and of pages that are not ours', async () => {
    serve({ [ROLL]: new Error('line cut') })
    expect(await thrown(client.PUT('/journal/roll', { body: lesson }))).toMatchObject({ code: 'network', status: 0, fields: [] })
    serve({ 'GET /api/portal/demo/classes': { status: 502, body: '<html>' } })
    expect(await thrown(client.GET('/classes'))).toMatchObject({ code: 'http.502', status: 502, title: '' })
  })

  it('tells when the session has ended', async () => {
    let ended = 0
    const watched = createClient<paths>({ baseUrl: '/api/portal/demo', onSignedOut: () => (ended += 1) })
    serve({ 'GET /api/portal/demo/classes': { status: 401, body: { code: 'accounts.signed-out', title: '', status: 401 } } })
    await watched.GET('/classes').catch(() => undefined)
    expect(ended).toBe(1)
  })
})

interface Operation {
  summary?: string
  parameters?: { name: string }[]
}

interface Change extends Operation {
  method: string
  path: string
}

/** The changes and the reads by POST that a spec lists. */
function changes(entry: 'portal' | 'console'): Change[] {
  const file = join(import.meta.dirname, `../../../../docs/openapi/${entry}.json`)
  const { paths: all } = JSON.parse(readFileSync(file, 'utf8')) as { paths: Record<string, Record<string, Operation>> }
  return Object.entries(all).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ['post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, '7') })),
  )
}

/** Of these, what the client sends with a key, one after the other. */
async function keyed(all: Change[]): Promise<string[]> {
  const sent = serve({})
  const send = createClient({ baseUrl: '/api' }).request as (method: string, path: string) => Promise<unknown>
  for (const { method, path } of all) await send(method.toLowerCase(), path).catch(() => undefined)
  expect(sent).toHaveLength(all.length)
  return sent.filter(({ headers }) => headers.has('idempotency-key')).map(({ method, path }) => `${method} ${path.slice('/api'.length)}`)
}

const named = ({ method, path }: Change) => `${method} ${path}`

describe('keys by the specs', () => {
  beforeEach(() => loadWords('portal', 'kk'))

  it('are sent with what takes one in the portal, and with nothing else', async () => {
    const all = changes('portal')
    const taking = all.filter(({ parameters = [] }) => parameters.some(({ name }) => name.toLowerCase() === 'idempotency-key'))
    expect(taking.length).toBeGreaterThan(50)
    expect(await keyed(all)).toEqual(taking.map(named))
  })

  it('are not sent with reads of the console, whose spec lists no keys', async () => {
    const all = changes('console')
    const reads = all.filter(({ summary = '' }) => /A read:|nothing is written/.test(summary))
    expect(reads.map(named)).toEqual(['POST /applications/7/letter', 'POST /users/search'])
    expect(await keyed(all)).toEqual(all.filter((one) => !reads.includes(one)).map(named))
  })
})
