import { describe, expect, it } from 'vitest'
import { may } from './may'
import { byName, fold, initials, matchesName, shortName } from './names'
import { formatCount, formatDecimal, parseDecimal } from './numbers'
import { named } from './useLanguage'

describe('numbers', () => {
  it('have a decimal comma in Kazakh and Russian and a point in English', () => {
    expect(formatDecimal('77.6', 'kk')).toBe('77,6')
    expect(formatDecimal(77.6, 'ru')).toBe('77,6')
    expect(formatDecimal('77.6', 'en')).toBe('77.6')
    expect(formatCount(4600, 'kk')).toBe('4\u00a0600')
  })

  it('are read with either sign, and nothing else passes', () => {
    expect(parseDecimal(' 77,6 ')).toBe(77.6)
    expect(parseDecimal('77.6')).toBe(77.6)
    expect(parseDecimal('77,6,1')).toBeUndefined()
    expect(parseDecimal('')).toBeUndefined()
  })
})

describe('names', () => {
  it('are shortened after the surname', () => {
    expect(shortName('Сұлтанова Айгүл Бекқызы')).toBe('Сұлтанова А. Б.')
    expect(shortName('Айгүл')).toBe('Айгүл')
    expect(initials('ізбасар әлия')).toBe('ІӘ')
  })

  it('are found without the letters that a keyboard lacks', () => {
    expect(fold('Нұргүл')).toBe(fold('Нургуль'))
    expect(matchesName('Әбдірахманова Нұргүл', 'нургуль абд')).toBe(true)
    expect(matchesName('Әбдірахманова Нұргүл', 'гүл')).toBe(false)
    expect(matchesName('Әбдірахманова Нұргүл', '  ')).toBe(true)
  })

  it('stand in the order of the Kazakh alphabet', () => {
    const people = ['Яна', 'Өмір', 'Омар', 'Ізбасар', 'Ыбырай', 'Әлия', 'Азат'].map((full_name) => ({ full_name }))
    expect(people.sort(byName).map((one) => one.full_name)).toEqual(['Азат', 'Әлия', 'Омар', 'Өмір', 'Ыбырай', 'Ізбасар', 'Яна'])
  })

  it('of things come in the reader’s language, and are never empty', () => {
    const quarter = { name_kk: '1-тоқсан', name_ru: '1 четверть' }
    expect(named(quarter, 'name', 'kk')).toBe('1-тоқсан')
    expect(named(quarter, 'name', 'en')).toBe('1 четверть')
    expect(named({ name_kk: '', name_ru: '1 четверть' }, 'name', 'kk')).toBe('1 четверть')
  })
})

describe('may', () => {
  it('is what the API said, and nothing without it', () => {
    expect(may({ may: ['people.add'] }, 'people.add')).toBe(true)
    expect(may({ may: ['people.add'] }, 'people.ad')).toBe(false)
    expect(may(undefined, 'people.add')).toBe(false)
  })
})
