// The states that applications and schools pass through, as filters offer them, and their words.
export const APPLICATION_STATES = [
  'received',
  'under_review',
  'approved',
  'rejected',
  'invited',
  'registered',
  'contract_signed',
  'provisioning',
  'active',
  'provisioning_failed',
] as const
export type ApplicationState = (typeof APPLICATION_STATES)[number]

/** A state out of an address; anything else is none. */
export function applicationState(value: unknown): ApplicationState | undefined {
  return APPLICATION_STATES.find((state) => state === value)
}

export function waitsForDecision(state: string): boolean {
  return state === 'received' || state === 'under_review'
}

/** A stable word of the server in the reader's language; one that is not known yet (its text is its id) stands as it came. */
export function worded(text: string, word: string): string {
  return /^[a-z-]+(\.[a-z_-]+)*$/.test(text) && text.endsWith(`.${word}`) ? word : text
}

const COLOURS: Record<string, string> = {
  received: 'accent',
  under_review: 'accent',
  active: 'teal',
  rejected: 'gray',
  rolled_back: 'gray',
  provisioning_failed: 'red',
  destroy_failed: 'red',
}

export function colourOf(state: string): string {
  return COLOURS[state] ?? 'gray'
}
