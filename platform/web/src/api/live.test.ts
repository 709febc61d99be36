import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStream } from './live'

class Line {
  static opened: Line[] = []
  closed = false
  onopen?: () => void
  onmessage?: (message: { data: string }) => void
  onerror?: () => void
  constructor(readonly path: string) {
    Line.opened.push(this)
  }
  close() {
    this.closed = true
  }
}

describe('a live stream', () => {
  beforeEach(() => {
    Line.opened = []
    vi.useFakeTimers()
    vi.stubGlobal('EventSource', Line)
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  const last = () => Line.opened.at(-1)

  it('passes on what it hears and drops what it cannot read', () => {
    const heard = vi.fn()
    openStream('/events', heard)
    last()?.onopen?.()
    last()?.onmessage?.({ data: '{"topic":"marks"}' })
    last()?.onmessage?.({ data: ': not json' })
    expect(heard.mock.calls).toEqual([[{ topic: 'marks' }]])
  })

  it('comes back by itself, waits longer each time, and then says resync', () => {
    const heard = vi.fn()
    const line = vi.fn()
    openStream('/events', heard, line)
    last()?.onopen?.()
    last()?.onerror?.()
    expect(line.mock.calls).toEqual([[true], [false]])
    vi.advanceTimersByTime(1_000)
    expect(Line.opened).toHaveLength(2)
    last()?.onerror?.()
    vi.advanceTimersByTime(1_000)
    expect(Line.opened).toHaveLength(2)
    vi.advanceTimersByTime(1_000)
    expect(Line.opened).toHaveLength(3)
    last()?.onopen?.()
    expect(heard.mock.calls).toEqual([[{ topic: 'resync' }]])
  })

  it('stays closed once it was closed, also while it waits', () => {
    const stream = openStream('/events', vi.fn())
    last()?.onerror?.()
    stream.close()
    vi.advanceTimersByTime(60_000)
    expect(Line.opened).toHaveLength(1)
    expect(last()?.closed).toBe(true)
  })
})
