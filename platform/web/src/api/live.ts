// What happens elsewhere, as it happens: a stream of server-sent events that comes back by itself.
// After a gap the listener gets `resync` and asks again for what it shows.
import { useEffect, useEffectEvent } from 'react'

const FIRST_WAIT = 1_000
const LONGEST_WAIT = 30_000

export const RESYNC = { topic: 'resync' } as const

export interface Stream {
  close: () => void
}

/** Opens `path`; each event's data is JSON. `onEvent` also gets RESYNC after every reconnection; `onLine` hears when the line is up or down. */
export function openStream<T>(path: string, onEvent: (event: T | typeof RESYNC) => void, onLine?: (up: boolean) => void): Stream {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_WAIT
  let lost = false

  const open = () => {
    source = new EventSource(path)
    source.onopen = () => {
      wait = FIRST_WAIT
      onLine?.(true)
      if (lost) onEvent(RESYNC)
      lost = false
    }
    source.onmessage = (message: MessageEvent<string>) => {
      const event = parse<T>(message.data)
      if (event !== undefined) onEvent(event)
    }
    // The browser gives up for good when the server answers with an error, so waiting is done here.
    source.onerror = () => {
      source?.close()
      lost = true
      onLine?.(false)
      timer = setTimeout(open, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT)
    }
  }
  open()
  return {
    close: () => {
      clearTimeout(timer)
      source?.close()
    },
  }
}

function parse<T>(data: string): T | undefined {
  try {
    return JSON.parse(data) as T
  } catch {
    return undefined
  }
}

/** Listens while the component is shown. No path, no stream. */
export function useLive<T>(path: string | undefined, onEvent: (event: T | typeof RESYNC) => void, onLine?: (up: boolean) => void) {
  const heard = useEffectEvent(onEvent)
  const line = useEffectEvent((up: boolean) => onLine?.(up))
  useEffect(() => {
    if (!path) return
    const stream = openStream<T>(path, (event) => heard(event), (up) => line(up))
    return () => stream.close()
  }, [path])
}
