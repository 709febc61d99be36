// The real catalogues in tests: labels in tests are the words that people read.
import { i18n, type Messages } from '@lingui/core'
import { catalogue } from '../../scripts/catalogue.mjs'
import type { Language } from '~/lib/language'

export type Entry = 'signup' | 'portal' | 'console'

export function loadWords(entry: Entry, language: Language) {
  const words = { ...catalogue(entry, language), ...(entry === 'signup' && catalogue('signup-pages', language)) }
  i18n.loadAndActivate({ locale: language, messages: words as Messages })
}
