// An academic year as it is typed: every date as text, and back again to what is sent.
import { formatDate, parseDate } from '~/lib/dates'
import type { PortalAnswer, PortalBody } from '~/portal/api'

export type Year = PortalAnswer<'calendar_read'>['years'][number]
export type YearNew = PortalBody<'year_add'>

export interface Span {
  begins: string
  ends: string
}

/** The texts of the dates: of the year, of each period of each set, of each day off. */
export interface YearValues {
  year: Span
  sets: Span[][]
  holidays: Span[]
}

const shown = ({ begins, ends }: Span): Span => ({ begins: formatDate(begins), ends: formatDate(ends) })
const sent = ({ begins, ends }: Span): Span => ({ begins: parseDate(begins) ?? '', ends: parseDate(ends) ?? '' })
const right = ({ begins, ends }: Span) => parseDate(begins) !== undefined && parseDate(ends) !== undefined

export function valuesOf(year: YearNew): YearValues {
  return { year: shown(year), sets: year.period_sets.map(({ periods }) => periods.map(shown)), holidays: year.holidays.map(shown) }
}

export function yearOf(proposed: YearNew, values: YearValues): YearNew {
  return {
    ...proposed,
    ...sent(values.year),
    period_sets: proposed.period_sets.map((set, at) => ({
      ...set,
      periods: set.periods.map((period, of) => ({ ...period, ...sent(values.sets[at]?.[of] ?? shown(period)) })),
    })),
    holidays: proposed.holidays.map((holiday, at) => ({ ...holiday, ...sent(values.holidays[at] ?? shown(holiday)) })),
  }
}

export const spanRight = right

/** `[1,2,3,5]` → `1–3, 5`. */
export function gradesOf(grades: number[]): string {
  const sorted = [...grades].sort((left, right) => left - right)
  const runs: [number, number][] = []
  for (const grade of sorted) {
    const last = runs.at(-1)
    if (last && last[1] === grade - 1) last[1] = grade
    else runs.push([grade, grade])
  }
  return runs.map(([first, end]) => (first === end ? `${first}` : `${first}–${end}`)).join(', ')
}
