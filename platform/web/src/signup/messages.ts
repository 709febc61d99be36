// The sign-up site's words, one chunk per language.
import type { Catalogues } from '~/lib/language'

export const catalogues: Catalogues = {
  kk: () => import('virtual:messages/signup/kk'),
  ru: () => import('virtual:messages/signup/ru'),
  en: () => import('virtual:messages/signup/en'),
}
