// The school's live events, one stream for the whole page: `useTopics(['marks'], refetch)`.
import { useEffect, useEffectEvent } from 'react'
import { openStream, type RESYNC, type Stream } from '~/api/live'
import { base, type PortalAnswer } from './api'

export type LiveEvent = PortalAnswer<'live_events'> extends (infer Event)[] ? Event : { topic: string; subject?: string }
export type Topic = 'marks' | 'attendance' | 'lessons' | 'people' | 'sheets' | 'imports'
type Heard = { topic: string; subject?: string }

const listeners = new Set<(event: Heard) => void>()
let stream: Stream | undefined

function listen(listener: (event: Heard) => void) {
  listeners.add(listener)
  stream ??= openStream<Heard>(`${base}/events`, (event: Heard | typeof RESYNC) => {
    for (const each of listeners) each(event)
  })
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    stream?.close()
    stream = undefined
  }
}

/** Calls `onChange` for each event of these topics, and after a gap in the stream (then without a subject). */
export function useTopics(topics: Topic[], onChange: (subject: string | undefined) => void) {
  const heard = useEffectEvent((event: Heard) => {
    if (event.topic === 'resync' || (topics as string[]).includes(event.topic)) onChange(event.subject)
  })
  useEffect(() => listen((event) => heard(event)), [])
}
