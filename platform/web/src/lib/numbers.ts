// Numbers as people read and type them: decimal comma in kk and ru, a thin gap between thousands.
import type { Language } from './language'

/** `"77.6"` or 77.6 → `77,6`. Digits after the point stay as the server sent them. */
export function formatDecimal(value: string | number, language: Language): string {
  const text = String(value)
  return language === 'en' ? text : text.replace('.', ',')
}

/** 4600 → `4 600`. */
export function formatCount(value: number, language: Language): string {
  return new Intl.NumberFormat(language === 'en' ? 'en' : 'ru').format(value)
}

/** `77,6` or `77.6` → 77.6; undefined for anything else. */
export function parseDecimal(text: string): number | undefined {
  const plain = text.trim().replace(',', '.')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined
}
