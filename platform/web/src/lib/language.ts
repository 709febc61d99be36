// Which language the reader chose. Kept in localStorage, sent with every request, never in a cookie.
import { i18n, type Messages } from '@lingui/core'

export const LANGUAGES = ['kk', 'ru', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
export type Catalogues = Record<Language, () => Promise<{ default: Messages }>>

/** By whose rules numbers are written. Chromium says that it knows Kazakh, and writes 2,610: Kazakh has a space, as Russian. */
const FORMATS: Record<Language, string[]> = { kk: ['ru'], ru: ['ru'], en: ['en'] }

const KEY = 'kundelik.language'
const loaded: Catalogues[] = []
let wanted: Language | undefined

function isLanguage(value: unknown): value is Language {
  return LANGUAGES.includes(value as Language)
}

/** The stored choice, else the first of the browser's languages that we speak, else Kazakh. */
export function chosenLanguage(): Language {
  const stored = read()
  if (isLanguage(stored)) return stored
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'kk'
}

export function currentLanguage(): Language {
  return isLanguage(i18n.locale) ? i18n.locale : chosenLanguage()
}

/** More words: an entry's own before its first paint, those of later pages together with the page. */
export async function addWords(catalogues: Catalogues) {
  if (!loaded.includes(catalogues)) loaded.push(catalogues)
  await setLanguage(wanted ?? chosenLanguage(), false)
}

export async function setLanguage(language: Language, remember = true) {
  wanted = language
  const parts = await Promise.all(loaded.map((catalogues) => catalogues[language]()))
  // Another choice was made while this one was loading.
  if (wanted !== language) return
  i18n.loadAndActivate({ locale: language, locales: FORMATS[language], messages: Object.assign({}, ...parts.map((part) => part.default)) as Messages })
  document.documentElement.lang = language
  if (remember) write(language)
}

// Storage may be refused altogether (private windows, policies): then the choice lives as long as the page.
function read() {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function write(language: Language) {
  try {
    localStorage.setItem(KEY, language)
  } catch {
    return
  }
}
