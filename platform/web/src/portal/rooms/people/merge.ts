// Two profiles side by side: which is kept, in what they differ, what is proposed. No drawing here.
import { formatDate } from '~/lib/dates'
import type { PortalAnswer, PortalBody } from '~/portal/api'
import type { Translate } from '~/ui/text'
import { labelsOf, type Person } from './person'

export type Pair = PortalAnswer<'duplicate_list'>['pairs'][number]
export type MergeField = PortalBody<'person_merge'>['take'][number]

const FIELDS: readonly MergeField[] = ['surname', 'given_name', 'patronymic', 'birth_date', 'sex', 'phone', 'email', 'address', 'position', 'class']

/** What of a person is compared under a field; of the class its identity. */
function valueOf(person: Person, field: MergeField): string {
  return (field === 'class' ? person.class_id : person[field]) ?? ''
}

/** What is shown of it. */
export function wordsOf(person: Person, field: MergeField, t: Translate): string {
  if (field === 'class') return person.class_name ?? t('people.merge-nothing')
  if (field === 'sex') return t(`common.sex.${person.sex}`)
  const value = valueOf(person, field)
  return (field === 'birth_date' && value ? formatDate(value) : value) || t('people.merge-nothing')
}

/** A field has the words of the person's form. */
export const labelOf = (field: MergeField, t: Translate): string => labelsOf(t)[field === 'class' ? 'class_id' : field]

/** The one with an account, for the person signs in to that; else the one who is in a class; else the first. */
export function keptOf(one: Person, other: Person): Person {
  const weight = ({ registered, class_id }: Person) => (registered ? 2 : 0) + (class_id ? 1 : 0)
  return weight(other) > weight(one) ? other : one
}

/** Where a choice is to be made. A class is chosen only where both are in one. */
export function differing(one: Person, other: Person): MergeField[] {
  return FIELDS.filter((field) => {
    const [a, b] = [valueOf(one, field), valueOf(other, field)]
    return a !== b && (field !== 'class' || (a !== '' && b !== ''))
  })
}

/** What is proposed to be taken from the one that is given up: what the kept one lacks. */
export function proposed(kept: Person, dropped: Person): MergeField[] {
  return differing(kept, dropped).filter((field) => valueOf(kept, field) === '')
}
