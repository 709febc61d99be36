// The writing operations of the portal, in groups for the filter. A test asks for each that the spec has.
export const GROUPS = {
  people: ['person_add', 'person_edit', 'person_leave', 'person_return', 'class_move', 'register', 'attach', 'duplicate_not_same', 'person_merge', 'merge_undo', 'transfer_export', 'transfer_withdraw', 'transfer_accept'],
  import: ['import_begin', 'import_map', 'import_mend', 'import_leave_out', 'import_commit', 'import_undo', 'import_drop'],
  entry: ['roles_put', 'sheet_issue', 'sheet_fetch', 'hand_over', 'sheet_hand_over', 'credential_letters', 'credential_void', 'card_heading_put'],
  account: ['account_email', 'account_email_confirm', 'account_language', 'account_login', 'account_lost', 'account_password', 'account_prove', 'attachment_look', 'attachment_add', 'factor_begin', 'factor_confirm', 'factor_remove', 'passkey_add', 'passkey_begin', 'passkey_proof', 'passkey_remove', 'recovery_codes_renew', 'session_end', 'sessions_end_others', 'password_reset', 'password_void'],
  setup: ['setup_postpone', 'iin_setting_put'],
  calendar: ['year_add', 'bells_put'],
  classes: ['class_add', 'subject_add', 'subjects_default', 'load_add', 'teacher_subjects_put'],
  lessons: ['lesson_add', 'lesson_series', 'lesson_edit'],
  journal: ['mark_put', 'attendance_put', 'roll_take'],
} as const

export type Group = keyof typeof GROUPS

export const groupNames = Object.keys(GROUPS) as Group[]

export function groupOf(name: string | undefined): Group | undefined {
  return groupNames.find((group) => group === name)
}
