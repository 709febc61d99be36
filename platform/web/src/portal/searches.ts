// What stands in the addresses of pages besides the path: tabs, dates, ids. Anything else is dropped.
import { parseWireDate } from './wireDate'

export type Kind = 'staff' | 'student' | 'guardian'
export const KINDS: readonly Kind[] = ['staff', 'student', 'guardian']

/** `add` opens the form, `person` opens a card, `class` narrows the list, `view` lists duplicates. */
export interface PeopleSearch {
  kind?: Kind
  class?: string
  add?: boolean
  person?: string
  view?: 'duplicates'
}
export interface FamilySearch {
  child?: string
  date?: string
}
export interface LessonsSearch {
  class?: string
  date?: string
}
/** `class` is the class whose waiting people are listed; `none` those in no class. */
export interface CredentialsSearch {
  class?: string
}

/** `tab` chooses actions or looks; the rest narrows them. */
export interface AuditSearch {
  tab?: 'looks'
  from?: string
  to?: string
  group?: string
  actor?: string
  subject?: string
}
/** `tab` chooses people or rights; `person` opens the form of the roles. */
export interface RolesSearch {
  tab?: 'rights'
  person?: string
}

/** What is done about a row of an import. */
export type Outcome = 'error' | 'new' | 'changed' | 'same' | 'joined' | 'skipped'
export const OUTCOMES: readonly Outcome[] = ['error', 'new', 'changed', 'same', 'joined', 'skipped']

/** `id` opens one import; the rest says which of its rows are shown. */
export interface ImportSearch {
  id?: string
  outcome?: Outcome
  table?: number
  offset?: number
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function id(value: unknown): string | undefined {
  return typeof value === 'string' && UUID.test(value) ? value : undefined
}

export function peopleSearch(search: Record<string, unknown>): PeopleSearch {
  return {
    kind: KINDS.find((kind) => kind === search.kind),
    class: id(search.class),
    add: search.add === true || search.add === 'true' || undefined,
    person: id(search.person),
    view: search.view === 'duplicates' ? 'duplicates' : undefined,
  }
}

function count(value: unknown): number | undefined {
  const number = Number(value)
  return value !== '' && Number.isInteger(number) && number >= 0 && number <= 20_000 ? number : undefined
}

export function importSearch(search: Record<string, unknown>): ImportSearch {
  return {
    id: id(search.id),
    outcome: OUTCOMES.find((outcome) => outcome === search.outcome),
    table: search.table === null ? undefined : count(search.table),
    offset: count(search.offset) || undefined,
  }
}

export function familySearch(search: Record<string, unknown>): FamilySearch {
  return { child: id(search.child), date: parseWireDate(search.date) }
}

export function lessonsSearch(search: Record<string, unknown>): LessonsSearch {
  return { class: id(search.class), date: parseWireDate(search.date) }
}

export function credentialsSearch(search: Record<string, unknown>): CredentialsSearch {
  return { class: search.class === 'none' ? 'none' : id(search.class) }
}

export function auditSearch(search: Record<string, unknown>): AuditSearch {
  return {
    tab: search.tab === 'looks' ? 'looks' : undefined,
    from: parseWireDate(search.from),
    to: parseWireDate(search.to),
    group: typeof search.group === 'string' && /^[a-z]{1,20}$/.test(search.group) ? search.group : undefined,
    actor: id(search.actor),
    subject: id(search.subject),
  }
}

export function rolesSearch(search: Record<string, unknown>): RolesSearch {
  return { tab: search.tab === 'rights' ? 'rights' : undefined, person: id(search.person) }
}
