// The account that a newcomer makes: its fields, the browser's hints, and how it is sent. Used by registration and activation.
import { isLogin } from '~/lib/checks'
import type { Errors } from '~/lib/form'
import type { Language } from '~/lib/language'
import { strengthOf } from '~/lib/strength'
import type { Translate } from '~/ui/text'
import { api, type SignupAnswer, type SignupBody } from './api'

export type Registration = SignupAnswer<'registration_read'>

export const registrationRead = () => api.queryOptions('get', '/registration', {}, { staleTime: 60_000, retry: false })

export interface Account {
  login: string
  password: string
  code: string
  accepted: boolean
}

export const noAccount: Account = { login: '', password: '', code: '', accepted: false }

/** With a second factor eight characters are enough for anybody. */
const SHORTEST_WITH_CODE = 8

export function shortest(registration: Registration, withCode: boolean): number {
  return withCode ? Math.min(SHORTEST_WITH_CODE, registration.min_password) : registration.min_password
}

export function labelsOf(t: Translate): Record<keyof Account, string> {
  return {
    login: t('signup-account.login'),
    password: t('signup-account.password'),
    code: t('common.code'),
    accepted: t('signup-account.accept'),
  }
}

/** Words that a guesser of this person's password tries first. */
export function guesses(registration: Registration, login: string): string[] {
  return [login, registration.proposed_login, registration.full_name ?? '', registration.school_name_kk ?? '', registration.school_name_ru ?? ''].flatMap(
    (text) => text.split(/[\s.@_-]+/),
  )
}

export function checkAccount(values: Account, registration: Registration, withCode: boolean, t: Translate): Errors<Account> {
  const errors: Errors<Account> = {}
  if (!values.login.trim()) errors.login = t('common.required')
  else if (!isLogin(values.login.trim())) errors.login = t('signup-account.login-wrong')
  const least = shortest(registration, withCode)
  const strength = strengthOf(values.password, least, guesses(registration, values.login))
  if (strength === 'empty') errors.password = t('common.required')
  else if (strength === 'short') errors.password = t('signup-account.password-short', { count: least })
  else if (strength === 'weak') errors.password = t('signup-account.password-weak')
  if (withCode && !/^\d{6}$/.test(values.code.replace(/\s/g, ''))) errors.code = t('signup-account.code-wrong')
  return errors
}

export function bodyOf(values: Account, registration: Registration, withCode: boolean, language: Language): SignupBody<'register'> {
  return {
    login: values.login.trim(),
    password: values.password,
    ...(withCode && { code: values.code.replace(/\s/g, '') }),
    terms_version: registration.terms_version,
    language,
  }
}
