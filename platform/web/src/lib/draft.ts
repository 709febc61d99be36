// What was typed and not yet sent, kept in the browser: it survives a reload and an expired session.
// Passwords and codes are never given to it.
import { useCallback, useState } from 'react'

const PREFIX = 'kundelik.draft.'

export interface DraftOptions {
  /** Kept until it is sent, also when the browser is closed; else as long as the tab. */
  lasting?: boolean
}

function store(options: DraftOptions | undefined): Storage {
  return options?.lasting ? localStorage : sessionStorage
}

/** A stored draft laid over the initial values; anything that does not parse is as good as none. */
export function readDraft<T extends object>(key: string, initial: T, options?: DraftOptions): T {
  try {
    const text = store(options).getItem(PREFIX + key)
    const kept: unknown = text ? JSON.parse(text) : undefined
    return typeof kept === 'object' && kept !== null ? { ...initial, ...kept } : initial
  } catch {
    return initial
  }
}

export function keepDraft(key: string, value: object, options?: DraftOptions) {
  try {
    store(options).setItem(PREFIX + key, JSON.stringify(value))
  } catch {
    return // Full or refused: the form works without a draft.
  }
}

export function dropDraft(key: string, options?: DraftOptions) {
  try {
    store(options).removeItem(PREFIX + key)
  } catch {
    return
  }
}

/** State that is kept under `key` while it changes; `drop` forgets it once it was sent. */
export function useDraft<T extends object>(key: string, initial: T, options?: DraftOptions) {
  const lasting = options?.lasting ?? false
  const [value, setValue] = useState(() => readDraft(key, initial, { lasting }))
  const set = useCallback(
    (next: T) => {
      setValue(next)
      keepDraft(key, next, { lasting })
    },
    [key, lasting],
  )
  const drop = useCallback(() => dropDraft(key, { lasting }), [key, lasting])
  return [value, set, drop] as const
}
