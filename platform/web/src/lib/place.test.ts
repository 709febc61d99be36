import { beforeEach, describe, expect, it } from 'vitest'
import { arriveAt, lastSchool } from './place'

describe('arriving at a school', () => {
  beforeEach(() => {
    sessionStorage.clear()
    localStorage.clear()
  })

  it('leaves nothing of another school in the tab, and keeps its own over a reload', () => {
    arriveAt('mektep-7')
    sessionStorage.setItem('kundelik.draft.person-add', '{"surname":"Ахметова"}')
    arriveAt('mektep-7')
    expect(sessionStorage.getItem('kundelik.draft.person-add')).toContain('Ахметова')
    arriveAt('gymnasium-1')
    expect(sessionStorage.getItem('kundelik.draft.person-add')).toBeNull()
  })

  it('remembers the last school, and nothing else, for the next choice', () => {
    expect(lastSchool()).toBeNull()
    arriveAt('mektep-7')
    arriveAt('gymnasium-1')
    expect(lastSchool()).toBe('gymnasium-1')
    expect(localStorage).toHaveLength(1)
  })
})
