// The locale files, read as catalogues: which entry gets which file, and ICU texts compiled ahead of time,
// so that no message parser is sent to a browser. Used by the build, by the tests and by the messages check.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage'

export const LANGUAGES = ['kk', 'ru', 'en']
export const ENTRIES = ['signup', 'portal', 'console']
/** Catalogues: one per entry, and the words of the public site's pages behind its first one. */
export const CATALOGUES = [...ENTRIES, 'signup-pages']
export const LOCALES = join(import.meta.dirname, '..', 'src', 'locales')

/** Files of vocabulary: several catalogues hold them, and not each word need be in use. */
export const SHARED = new Map([
  ['ui', ENTRIES],
  ['common', ENTRIES],
  ['regions', ['signup-pages', 'console']],
])

/** Which catalogues hold `src/locales/<lang>/<file>.json`: by the file's name, so that a new room needs no list. */
export function cataloguesOf(file) {
  if (file.startsWith('signup-')) return ['signup-pages']
  return SHARED.get(file) ?? [ENTRIES.find((entry) => file === entry || file.startsWith(`${entry}-`)) ?? 'portal']
}

export function files(language) {
  return readdirSync(join(LOCALES, language))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort()
}

/** One file's texts: id → ICU text. */
export function texts(language, file) {
  return JSON.parse(readFileSync(join(LOCALES, language, `${file}.json`), 'utf8'))
}

/** One catalogue in one language: id → compiled message. */
export function catalogue(name, language) {
  const all = {}
  for (const file of files(language)) {
    if (!cataloguesOf(file).includes(name)) continue
    for (const [id, text] of Object.entries(texts(language, file))) {
      try {
        all[id] = compileMessageOrThrow(text)
      } catch (error) {
        throw new Error(`${language}/${file}.json ${id}: ${error.message}`)
      }
    }
  }
  return all
}
