// What a failed request looks like to the pieces of ui. The api's Problem has this shape; ui knows no more of it.
export interface FieldFailure {
  field: string
  code: string
  title: string
}

export interface Failure {
  /** Kebab-case with the room's prefix; `network` and `unexpected` are born in the browser. */
  code: string
  /** In the reader's language, as the server said it; empty when it could not be asked. */
  title: string
  /** The id of the words of what the browser refuses itself: put into words when drawn, so they follow the language. */
  words?: string
  status: number
  detail?: string
  requestId?: string
  fields: FieldFailure[]
}

export function isFailure(error: unknown): error is Failure {
  return typeof error === 'object' && error !== null && 'code' in error && 'fields' in error && 'status' in error
}

/** Anything that was thrown, as a failure that can be shown. */
export function failureOf(error: unknown): Failure {
  return isFailure(error) ? error : { code: 'unexpected', title: '', status: 0, fields: [] }
}
