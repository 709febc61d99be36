// What stands in the journal's address: the class, the subject and the period, by their ids.
export interface JournalSearch {
  class?: string
  subject?: string
  period?: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function id(value: unknown): string | undefined {
  return typeof value === 'string' && UUID.test(value) ? value : undefined
}

export function journalSearch(search: Record<string, unknown>): JournalSearch {
  return { class: id(search.class), subject: id(search.subject), period: id(search.period) }
}
