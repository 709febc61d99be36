// The portal's words, one chunk per language.
import type { Catalogues } from '~/lib/language'

export const catalogues: Catalogues = {
  kk: () => import('virtual:messages/portal/kk'),
  ru: () => import('virtual:messages/portal/ru'),
  en: () => import('virtual:messages/portal/en'),
}
