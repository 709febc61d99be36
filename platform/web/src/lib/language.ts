// Which language the reader chose. Kept in localStorage, sent with every request, never in a cookie.
import { i18n, type Messages } from '@lingui/core'

export const LANGUAGES = ['kk', 'ru', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
export type Catalogues = Record<Language, () => Promise<{ default: Messages }>>

const KEY = 'kundelik.language'
let catalogues: Catalogues | undefined

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

/** Called once by each entry, before the first paint. */
export async function startLanguage(entry: Catalogues) {
  catalogues = entry
  await setLanguage(chosenLanguage(), false)
}

export async function setLanguage(language: Language, remember = true) {
  if (!catalogues) return
  const { default: messages } = await catalogues[language]()
  i18n.loadAndActivate({ locale: language, messages })
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
