// The application's fields: how they begin, what a browser can say of them, and how they are sent.
import { isBin, isEmail, isPhone } from '~/lib/checks'
import type { Errors } from '~/lib/form'
import type { Language } from '~/lib/language'
import type { SignupBody } from '~/signup/api'
import type { Translate } from '~/ui/text'

export type ApplicationNew = SignupBody<'application_send'>

/** The country's twenty regions by the first two digits of their KATO codes. */
export const REGIONS = ['10', '11', '15', '19', '23', '27', '31', '33', '35', '39', '43', '47', '55', '59', '61', '62', '63', '71', '75', '79']
export const TEACHING = ['kk', 'ru', 'mixed'] as const

const TEXTS = {
  name_kk: '',
  name_ru: '',
  bin: '',
  language: '',
  region: '',
  city: '',
  legal_address: '',
  postal_address: '',
  director: '',
  contact_name: '',
  contact_position: '',
  email: '',
  phone: '',
  pupils: '',
}

export type Typed = typeof TEXTS
export type Name = keyof Typed
export const initial: Typed = TEXTS

const OPTIONAL: Name[] = ['contact_position', 'postal_address']
const MOST_PUPILS = 10_000

export function labelsOf(t: Translate): Record<Name, string> {
  return {
    name_kk: t('signup-apply.name-kk'),
    name_ru: t('signup-apply.name-ru'),
    bin: t('signup-apply.bin'),
    language: t('signup-apply.language'),
    region: t('signup-apply.region'),
    city: t('signup-apply.city'),
    legal_address: t('signup-apply.legal-address'),
    postal_address: t('signup-apply.postal-address'),
    director: t('signup-apply.director'),
    contact_name: t('signup-apply.contact-name'),
    contact_position: t('signup-apply.contact-position'),
    email: t('common.email'),
    phone: t('common.phone'),
    pupils: t('signup-apply.pupils'),
  }
}

export function check(values: Typed, t: Translate): Errors<Typed> {
  const errors: Errors<Typed> = {}
  for (const name of Object.keys(TEXTS) as Name[]) {
    if (!values[name].trim() && !OPTIONAL.includes(name)) errors[name] = t('common.required')
  }
  if (!errors.bin && !isBin(values.bin)) errors.bin = t('signup-apply.bin-wrong')
  if (!errors.email && !isEmail(values.email)) errors.email = t('signup-apply.email-wrong')
  if (!errors.phone && !isPhone(values.phone)) errors.phone = t('signup-apply.phone-wrong')
  const pupils = Number(values.pupils.replace(/\s/g, ''))
  if (!errors.pupils && !(Number.isInteger(pupils) && pupils >= 1 && pupils <= MOST_PUPILS)) errors.pupils = t('signup-apply.pupils-wrong')
  return errors
}

export function bodyOf(values: Typed, locale: Language): ApplicationNew {
  const trimmed = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, text.trim()])) as Typed
  const { contact_position, postal_address, pupils, bin, language, ...rest } = trimmed
  return {
    ...rest,
    bin: bin.replace(/\s/g, ''),
    language: TEACHING.find((one) => one === language) ?? 'kk',
    postal_address: postal_address || rest.legal_address,
    ...(contact_position && { contact_position }),
    pupils: Number(pupils.replace(/\s/g, '')),
    locale,
  }
}
