// The reader's language inside components: code, setter, and the half of a bilingual name that fits.
import { useLingui } from '@lingui/react'
import { currentLanguage, setLanguage, type Language } from './language'

export function useLanguage(): { language: Language; choose: (language: Language) => void } {
  useLingui()
  return { language: currentLanguage(), choose: (language) => void setLanguage(language) }
}

type Bilingual<Name extends string> = Record<`${Name}_kk` | `${Name}_ru`, string>

/** `named(period, 'name', language)`: the Kazakh name for Kazakh, the Russian one otherwise; never an empty one. */
export function named<Name extends string>(thing: Bilingual<Name>, name: Name, language: Language): string {
  const kk = thing[`${name}_kk`]
  const ru = thing[`${name}_ru`]
  return language === 'kk' ? kk || ru : ru || kk
}
