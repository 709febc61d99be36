import { describe, expect, it } from 'vitest'
import { addDays, dateOf, formatDate, formatMoment, formatTime, mondayOf, monthName, parseDate, weekday, weekdayName } from './dates'

describe('dates', () => {
  it('are written dd.MM.yyyy in every language', () => {
    expect(formatDate('2026-09-01')).toBe('01.09.2026')
    expect(formatMoment('2026-09-01T19:30:00Z')).toBe('02.09.2026 00:30')
  })

  it('of an instant are those of the country, not of the browser', () => {
    expect(dateOf('2026-12-31T19:00:00Z')).toBe('2027-01-01')
    expect(dateOf('2026-12-31T18:59:59Z')).toBe('2026-12-31')
    expect(formatTime('2026-09-01T03:05:00Z')).toBe('08:05')
    expect(formatTime('08:00:00')).toBe('08:00')
  })

  it('are read as people type them, and only if there is such a day', () => {
    expect(parseDate('1.9.2026')).toBe('2026-09-01')
    expect(parseDate(' 01/09/2026 ')).toBe('2026-09-01')
    expect(parseDate('31.02.2026')).toBeUndefined()
    expect(parseDate('2026-09-01')).toBeUndefined()
    expect(parseDate('29.02.2028')).toBe('2028-02-29')
  })

  it('have weeks that begin on Monday', () => {
    expect(weekday('2026-09-06')).toBe(7)
    expect(mondayOf('2026-09-06')).toBe('2026-08-31')
    expect(mondayOf('2026-08-31')).toBe('2026-08-31')
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  })

  it('have names in Kazakh and Russian', () => {
    expect(weekdayName('2026-09-01', 'kk')).toBe('сейсенбі')
    expect(weekdayName('2026-09-01', 'ru')).toBe('вторник')
    expect(monthName('2026-09-01', 'kk')).toBe('қыркүйек')
  })
})
