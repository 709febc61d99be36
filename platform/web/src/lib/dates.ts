// Dates and times as people read them: dd.MM.yyyy, weeks from Monday, the country's one zone (UTC+5).
// A date on the wire is `YYYY-MM-DD` and stays text here; it never passes through a time zone.
import type { Language } from './language'

/** Written as a fixed offset: old tables of zones still say +6 for Almaty. */
const ZONE = 'Etc/GMT-5'
const DAY = 86_400_000

/** `2026-09-01` → `01.09.2026`. */
export function formatDate(date: string): string {
  const [year, month, day] = date.slice(0, 10).split('-')
  return year && month && day ? `${day}.${month}.${year}` : date
}

/** `2026-09-01` → `01.09`. */
export function formatDay(date: string): string {
  return formatDate(date).slice(0, 5)
}

/** An instant (RFC 3339) → `01.09.2026 14:05` in the country's time. */
export function formatMoment(instant: string): string {
  return `${formatDate(dateOf(instant))} ${formatTime(instant)}`
}

/** An instant → `14:05`; a wall time `08:00` or `08:00:00` → `08:00`. */
export function formatTime(time: string): string {
  if (/^\d\d:\d\d/.test(time)) return time.slice(0, 5)
  return new Intl.DateTimeFormat('ru', { hour: '2-digit', minute: '2-digit', timeZone: ZONE }).format(new Date(time))
}

/** The country's date of an instant, `YYYY-MM-DD`. */
export function dateOf(instant: string | Date): string {
  return new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeZone: ZONE }).format(new Date(instant))
}

/** `01.09.2026` (also with one digit, `/` or `-`) → `2026-09-01`; undefined when there is no such day. */
export function parseDate(text: string): string | undefined {
  const found = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*$/.exec(text)
  if (!found) return undefined
  const [, day = '', month = '', year = ''] = found
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const instant = new Date(`${date}T00:00:00Z`)
  return Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== date ? undefined : date
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

/** 1 = Monday … 7 = Sunday. */
export function weekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7
}

/** The Monday of a date's week. */
export function mondayOf(date: string): string {
  return addDays(date, 1 - weekday(date))
}

// Browsers may lack Kazakh words of dates (Chromium does), so they are kept here.
const KK_DAYS = {
  long: ['дүйсенбі', 'сейсенбі', 'сәрсенбі', 'бейсенбі', 'жұма', 'сенбі', 'жексенбі'],
  short: ['дс', 'сс', 'ср', 'бс', 'жм', 'сб', 'жс'],
}
const KK_MONTHS = ['қаңтар', 'ақпан', 'наурыз', 'сәуір', 'мамыр', 'маусым', 'шілде', 'тамыз', 'қыркүйек', 'қазан', 'қараша', 'желтоқсан']

/** `дүйсенбі`, `вторник`, `Monday`. */
export function weekdayName(date: string, language: Language, width: 'long' | 'short' = 'long'): string {
  if (language === 'kk') return KK_DAYS[width][weekday(date) - 1] ?? ''
  return new Intl.DateTimeFormat(language, { weekday: width, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`))
}

/** `қыркүйек`, `сентябрь`, `September`: a month's name alone. */
export function monthName(date: string, language: Language): string {
  if (language === 'kk') return KK_MONTHS[Number(date.slice(5, 7)) - 1] ?? ''
  const name = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`))
  return language === 'en' ? name : name.toLocaleLowerCase(language)
}
