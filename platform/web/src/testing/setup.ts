// Before each test file: matchers, and what happy-dom lacks of a browser.
import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeEach } from 'vitest'
import { loadWords } from './words'

// The machine is shared with builds: what appears late has appeared.
configure({ asyncUtilTimeout: 10_000 })

class Silent {
  observe() {}
  unobserve() {}
  disconnect() {}
}
globalThis.ResizeObserver ??= Silent as unknown as typeof ResizeObserver
globalThis.EventSource ??= class {
  close() {}
} as unknown as typeof EventSource
Element.prototype.scrollIntoView ??= () => undefined

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  loadWords('portal', 'en')
})
afterEach(() => {
  cleanup()
  window.history.replaceState(null, '', '/')
})
