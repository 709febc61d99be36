import { describe, expect, it } from 'vitest'
import { loginOf, safeNext } from './paths'

describe('where a sign-in leads', () => {
  const slugs = ['mektep-7']
  const next = (path: string) => safeNext(`?next=${encodeURIComponent(path)}`, slugs)

  it('is the page that asked for it, if it lies in one of the reader’s schools', () => {
    expect(next('/mektep-7/journal?class_id=1')).toBe('/mektep-7/journal?class_id=1')
    expect(next('/mektep-7')).toBe('/mektep-7')
    expect(next('/mektep-8/journal')).toBeUndefined()
    expect(safeNext('', slugs)).toBeUndefined()
  })

  it('is never another site, however it is written', () => {
    const tries = ['https://evil.example/mektep-7/', '//evil.example/mektep-7/', '/\\evil.example/mektep-7/', '/%09/evil.example', 'javascript:alert(1)', '/mektep-7/../api/signup']
    expect(tries.map(next)).toEqual(tries.map(() => undefined))
  })
})

describe('the login of a QR code', () => {
  it('comes from the fragment', () => {
    expect(loginOf('#login=SULT-7K2P')).toBe('SULT-7K2P')
    expect(loginOf('')).toBe('')
    expect(loginOf('#elsewhere')).toBe('')
  })
})
