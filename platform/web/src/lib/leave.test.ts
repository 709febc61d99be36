import { renderHook } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { leaveFor, useLeaveGuard } from './leave'

function asks(): boolean {
  const event = new Event('beforeunload', { cancelable: true })
  window.dispatchEvent(event)
  return event.defaultPrevented
}

describe('leaving', () => {
  it('asks while something is unsaved, and not when the page itself leads on', () => {
    const { rerender, unmount } = renderHook(({ dirty }) => useLeaveGuard(dirty), { initialProps: { dirty: false } })
    expect(asks()).toBe(false)
    rerender({ dirty: true })
    expect(asks()).toBe(true)
    vi.spyOn(window.location, 'assign').mockImplementation(() => undefined)
    leaveFor('/?next=%2Fmektep-7%2F')
    expect(asks()).toBe(false)
    unmount()
  })
})
