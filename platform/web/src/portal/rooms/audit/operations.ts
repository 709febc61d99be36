// The writing operations of the portal, in groups for the filter. A test asks for each that the spec has.
export const GROUPS = {
  people: ['person_add', 'person_edit', 'register'],
  entry: ['roles_put', 'sheet_issue', 'sheet_fetch', 'hand_over'],
  setup: ['setup_postpone'],
  calendar: ['year_add', 'bells_put'],
  classes: ['class_add', 'subject_add', 'subjects_default', 'load_add'],
  lessons: ['lesson_add', 'lesson_series', 'lesson_edit'],
  journal: ['mark_put', 'attendance_put', 'roll_take'],
} as const

export type Group = keyof typeof GROUPS

export const groupNames = Object.keys(GROUPS) as Group[]

export function groupOf(name: string | undefined): Group | undefined {
  return groupNames.find((group) => group === name)
}
