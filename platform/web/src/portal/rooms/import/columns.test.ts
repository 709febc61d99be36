import { describe, expect, it } from 'vitest'
import words from '~/locales/en/import.json'
import { REMARKS } from './columns'

describe('remarks about rows', () => {
  it('say each what they have words for', () => {
    const known = Object.keys(words).flatMap((key) => (key.startsWith('import.remark.') ? [key.slice('import.remark.'.length)] : []))
    expect([...REMARKS, 'other'].toSorted()).toEqual(known.toSorted())
  })
})
