// The server's refusals (RFC 9457 with our code and fields) as errors that can be thrown, caught and shown.
import type { FieldFailure, Failure } from '~/ui/failure'

export interface Conflict {
  by?: string
  at: string
  value?: unknown
  /** Version of what stands there, for going on from it. */
  version?: number
}

/** Everything that a request can end in, other than its answer. */
export class Problem extends Error implements Failure {
  readonly code: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly requestId?: string
  readonly fields: FieldFailure[]
  /** Who changed the thing meanwhile, when, and to what (409). */
  readonly conflict?: Conflict
  /** Seconds to wait (429, 503). */
  readonly retryAfter?: number

  constructor(parts: { code: string; title: string; status: number } & Partial<Problem>) {
    super(`${parts.code} (${parts.status})`)
    this.name = 'Problem'
    this.code = parts.code
    this.title = parts.title
    this.status = parts.status
    this.detail = parts.detail
    this.requestId = parts.requestId
    this.fields = parts.fields ?? []
    this.conflict = parts.conflict
    this.retryAfter = parts.retryAfter
  }
}

type Json = Record<string, unknown>

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A response that is no answer. Bodies that are not ours (a proxy's page) still give a problem with the status. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined)
  const json = isJson(body) ? body : {}
  return new Problem({
    code: text(json.code) ?? `http.${response.status}`,
    title: text(json.title) ?? '',
    status: response.status,
    detail: text(json.detail),
    requestId: text(json.request_id) ?? response.headers.get('x-request-id') ?? undefined,
    fields: Array.isArray(json.fields) ? json.fields.filter(isField) : [],
    conflict: isConflict(json.conflict) ? json.conflict : undefined,
    retryAfter: Number(response.headers.get('retry-after')) || undefined,
  })
}

function isField(value: unknown): value is FieldFailure {
  return isJson(value) && typeof value.field === 'string' && typeof value.title === 'string'
}

function isConflict(value: unknown): value is Conflict {
  return isJson(value) && typeof value.at === 'string'
}

/** The request never reached an answer. */
export function networkProblem(): Problem {
  return new Problem({ code: 'network', title: '', status: 0 })
}

export function isProblem(error: unknown, code?: string): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code)
}
