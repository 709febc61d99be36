// The console's words, one chunk per language.
import type { Catalogues } from '~/lib/language'

export const catalogues: Catalogues = {
  kk: () => import('virtual:messages/console/kk'),
  ru: () => import('virtual:messages/console/ru'),
  en: () => import('virtual:messages/console/en'),
}
