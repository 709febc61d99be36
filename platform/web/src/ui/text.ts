// The one way to words: `const t = useT(); t('people.title', { count })`. Ids are literal, so that the check finds them.
import { useLingui } from '@lingui/react'
import { useCallback } from 'react'

export type Values = Record<string, string | number | Date>
export type Translate = (id: string, values?: Values) => string

export function useT(): Translate {
  const { i18n } = useLingui()
  // `i18n` is one object for ever; the locale makes the function new when the language changes.
  const { locale } = i18n
  return useCallback((id, values) => (locale ? i18n._(id, values) : id), [i18n, locale])
}
