// The words of the pages, by key, in the language of the walk: a walk says what a person looks for, not how it is spelt.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Language } from '../support'

const FOLDER = join(import.meta.dirname, '../../src/locales')

export type Say = (key: string, values?: Record<string, string | number>) => string

/** Plain texts with {placeholders}; texts with plurals are matched by their parts, not here. */
export function words(language: Language): Say {
  const all: Record<string, string> = {}
  for (const name of readdirSync(join(FOLDER, language))) {
    Object.assign(all, JSON.parse(readFileSync(join(FOLDER, language, name), 'utf8')))
  }
  return (key, values = {}) => {
    const text = all[key]
    if (text === undefined) throw new Error(`no text for ${key} in ${language}`)
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
  }
}
