// The one door to the server: typed by the specs, in the reader's language, with an idempotency key on writes.
// Everything that is not an answer is thrown as a Problem.
import createFetch, { type Middleware } from 'openapi-fetch'
import { currentLanguage } from '~/lib/language'
import { keyFor, settle } from './idempotency'
import { networkProblem, problemOf } from './problem'

const KEY = 'Idempotency-Key'
/** Operations that are sent by POST because names must not stand in addresses, but only read: of the portal, then of the console. */
const READS = ['/people/search', '/transfers/preview', '/audit/search', '/audit/looks', '/users/search', '/letter']

/** Headers are the client's business: callers never give them, whatever a spec lists. */
type WithoutHeaders<Paths> = {
  [Path in keyof Paths]: {
    [Method in keyof Paths[Path]]: Paths[Path][Method] extends { parameters: infer Parameters }
      ? Omit<Paths[Path][Method], 'parameters'> & { parameters: Omit<Parameters, 'header' | 'cookie'> & { header?: never; cookie?: never } }
      : Paths[Path][Method]
  }
}

interface Options {
  baseUrl: string
  /** Called for every 401 that comes back to this client. */
  onSignedOut?: () => void
  /** Called for a 403 with this code; where it answers true, the same is sent again. */
  barred?: { code: string; lift: () => Promise<boolean> }
}

export function createClient<Paths extends object>({ baseUrl, onSignedOut, barred }: Options) {
  const client = createFetch<WithoutHeaders<Paths>>({
    baseUrl: new URL(baseUrl, location.origin).href.replace(/\/$/, ''),
    credentials: 'same-origin',
    // Read at each call, so that a test can put its own in place.
    fetch: (request) => (barred ? fetchBarred(request, barred) : fetch(request)),
  })
  client.use(passport(onSignedOut))
  return client
}

/** Sends a request; what is barred until something else was done is sent again, with the same key, once that is done. */
async function fetchBarred(request: Request, { code, lift }: NonNullable<Options['barred']>): Promise<Response> {
  const again = request.clone()
  const response = await fetch(request)
  if (response.status !== 403) return response
  const problem = (await response.clone().json().catch(() => undefined)) as { code?: unknown } | undefined
  if (problem?.code !== code || !(await lift())) return response
  return fetch(again)
}

function passport(onSignedOut: Options['onSignedOut']): Middleware {
  return {
    async onRequest({ request }) {
      request.headers.set('Accept-Language', currentLanguage())
      // Also where there is no body: the server takes a change only as JSON, which no foreign form can send.
      if (!['GET', 'DELETE'].includes(request.method)) request.headers.set('Content-Type', 'application/json')
      if (request.method !== 'GET' && !READS.some((path) => request.url.endsWith(path))) {
        request.headers.set(KEY, await keyFor(request))
      }
      return request
    },
    async onResponse({ request, response }) {
      settle(request.headers.get(KEY), response.status)
      if (response.ok) return
      if (response.status === 401) onSignedOut?.()
      throw await problemOf(response)
    },
    onError: () => networkProblem(),
  }
}

type Json<Content> = Content[keyof Content]

/** The body of an operation's good answer: `Answer<operations['class_list']>`. */
export type Answer<Operation> = Operation extends { responses: infer Responses }
  ? { [Status in keyof Responses & (200 | 201 | 202)]: Responses[Status] extends { content: infer Content } ? Json<Content> : never }[keyof Responses &
      (200 | 201 | 202)]
  : never

/** The body that an operation takes: `Body<operations['class_add']>`. */
export type Body<Operation> = Operation extends { requestBody?: { content: infer Content } } ? Json<Content> : never
