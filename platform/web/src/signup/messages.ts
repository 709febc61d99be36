// The public site's words, a chunk per language: those of the first page, and those of the pages behind it.
import type { Catalogues } from '~/lib/language'

export const catalogues: Catalogues = {
  kk: () => import('virtual:messages/signup/kk'),
  ru: () => import('virtual:messages/signup/ru'),
  en: () => import('virtual:messages/signup/en'),
}

export const pageCatalogues: Catalogues = {
  kk: () => import('virtual:messages/signup-pages/kk'),
  ru: () => import('virtual:messages/signup-pages/ru'),
  en: () => import('virtual:messages/signup-pages/en'),
}
