// The locale files, read as catalogues: which entry gets which file, and ICU texts compiled ahead of time,
// so that no message parser is sent to a browser. Used by the build, by the tests and by the messages check.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage'

export const LANGUAGES = ['kk', 'ru', 'en']
export const ENTRIES = ['signup', 'portal', 'console']
export const LOCALES = join(import.meta.dirname, '..', 'src', 'locales')

/** Files that every entry loads: vocabulary, so not each word need be in use. */
export const SHARED = new Set(['ui', 'common', 'regions'])

/** Which entries load `src/locales/<lang>/<file>.json`: by the file's name, so that a new room needs no list. */
export function entriesOf(file) {
  if (SHARED.has(file)) return ENTRIES
  const own = ENTRIES.find((entry) => file === entry || file.startsWith(`${entry}-`))
  return [own ?? 'portal']
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

/** One entry's whole catalogue in one language: id → compiled message. */
export function catalogue(entry, language) {
  const all = {}
  for (const file of files(language)) {
    if (!entriesOf(file).includes(entry)) continue
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
