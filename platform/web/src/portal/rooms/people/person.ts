// A person's form: its values, their words, the hints of the browser, and what is sent. No drawing here.
import { isPhone } from '~/lib/checks'
import { formatDate, parseDate } from '~/lib/dates'
import type { PortalAnswer, PortalBody } from '~/portal/api'
import type { Kind } from '~/portal/searches'
import type { Translate } from '~/ui/text'

export type Person = PortalAnswer<'person_read'>
export type PersonNew = PortalBody<'person_add'>
export type PersonEdit = PortalBody<'person_edit'>
export type Relation = NonNullable<PersonNew['children']>[number]['relation']
type Role = NonNullable<PersonNew['roles']>[number]

export const RELATIONS: readonly Relation[] = ['mother', 'father', 'guardian', 'other']
export const ROLES = ['teacher', 'class_teacher', 'editor', 'administrator'] as const satisfies readonly Role[]
/** These two are given by those alone who may give roles. */
export const GRANTED: readonly string[] = ['editor', 'administrator']

export interface Child {
  student_id: string
  full_name: string
  class_name?: string
  relation: Relation
}

export interface PersonValues {
  surname: string
  given_name: string
  patronymic: string
  birth_date: string
  sex: '' | 'f' | 'm'
  phone: string
  email: string
  iin: string
  iin_delete: boolean
  address: string
  position: string
  roles: string[]
  class_id: string
  enrolled_on: string
  children: Child[]
  confirm_duplicate: boolean
}

export const emptyPerson = (class_id = ''): PersonValues => ({
  surname: '',
  given_name: '',
  patronymic: '',
  birth_date: '',
  sex: '',
  phone: '',
  email: '',
  iin: '',
  iin_delete: false,
  address: '',
  position: '',
  roles: ['teacher'],
  class_id,
  enrolled_on: '',
  children: [],
  confirm_duplicate: false,
})

export const valuesOf = (person: Person): PersonValues => ({
  ...emptyPerson(person.class_id),
  surname: person.surname,
  given_name: person.given_name,
  patronymic: person.patronymic ?? '',
  birth_date: person.birth_date ? formatDate(person.birth_date) : '',
  sex: person.sex,
  phone: person.phone ?? '',
  email: person.email ?? '',
  address: person.address ?? '',
  position: person.position ?? '',
  roles: person.roles.filter((role) => role !== 'guardian'),
  children: (person.children ?? []).map(({ id, full_name, class_name, relation }) => ({ student_id: id, full_name, class_name, relation })),
})

export const labelsOf = (t: Translate): Record<keyof PersonValues, string> => ({
  surname: t('common.surname'),
  given_name: t('common.given-name'),
  patronymic: t('common.patronymic'),
  birth_date: t('common.birth-date'),
  sex: t('common.sex'),
  phone: t('common.phone'),
  email: t('common.email'),
  iin: t('people.iin'),
  iin_delete: t('people.iin-remove'),
  address: t('common.address'),
  position: t('people.position'),
  roles: t('people.roles'),
  class_id: t('common.class'),
  enrolled_on: t('people.enrolled-on'),
  children: t('people.children'),
  confirm_duplicate: t('people.duplicate-confirm'),
})

export function check(kind: Kind, values: PersonValues, t: Translate): Partial<Record<keyof PersonValues, string>> {
  const date = (text: string) => (text.trim() && !parseDate(text) ? t('portal.date-wrong') : undefined)
  return {
    surname: values.surname.trim() ? undefined : t('common.required'),
    sex: values.sex ? undefined : t('common.required'),
    birth_date: date(values.birth_date),
    enrolled_on: kind === 'student' ? date(values.enrolled_on) : undefined,
    phone: values.phone.trim() && !isPhone(values.phone) ? t('people.phone-help') : undefined,
    roles: kind === 'staff' && values.roles.length === 0 ? t('common.required') : undefined,
    children: kind === 'guardian' && values.children.length === 0 ? t('people.children-required') : undefined,
  }
}

const some = (text: string) => text.trim() || undefined

function common(kind: Kind, values: PersonValues) {
  return {
    surname: values.surname.trim(),
    given_name: some(values.given_name),
    patronymic: some(values.patronymic),
    birth_date: parseDate(values.birth_date),
    sex: values.sex || 'f',
    phone: some(values.phone),
    email: some(values.email),
    iin: values.iin_delete ? '' : some(values.iin),
    ...(kind === 'staff' && { address: some(values.address), position: some(values.position), roles: values.roles as Role[] }),
    ...(kind === 'student' && { class_id: some(values.class_id), enrolled_on: parseDate(values.enrolled_on) }),
    ...(kind === 'guardian' && { children: values.children.map(({ student_id, relation }) => ({ student_id, relation })) }),
  }
}

export function newOf(kind: Kind, values: PersonValues): PersonNew {
  return { kind, ...common(kind, values), ...(values.confirm_duplicate && { confirm_duplicate: true }) }
}

export function editOf(person: Person, values: PersonValues): PersonEdit {
  const kept = common(person.kind, values)
  // A class that did not change is not said: saying it again would enrol anew.
  if (kept.class_id === person.class_id) Reflect.deleteProperty(kept, 'class_id')
  return { version: person.version, ...kept }
}
