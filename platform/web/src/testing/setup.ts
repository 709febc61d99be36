// Before each test file: matchers, and what happy-dom lacks of a browser.
import '@testing-library/jest-dom/vitest'
import { cleanup } from '@testing-library/react'
import { afterEach, beforeEach } from 'vitest'
import { loadWords } from './words'

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
afterEach(cleanup)
