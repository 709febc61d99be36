// What a column of a sheet may say, and how a cell, a sheet and a remark are called. No drawing here.
import type { Translate } from '~/ui/text'
import type { Field, ImportRow, ImportTable, Subject } from './queries'

const NAME = ['surname', 'given_name', 'patronymic', 'full_name'] as const satisfies Field[]

const TAKES: Record<Subject, readonly Field[]> = {
  students: ['number', ...NAME, 'birth_date', 'sex', 'iin', 'class', 'language', 'enrolled_on', 'order_no', 'phone', 'email'],
  guardians: ['student', 'student_class', 'relation', ...NAME, 'sex', 'iin', 'phone', 'email'],
  staff: [...NAME, 'birth_date', 'sex', 'iin', 'position', 'subjects', 'address', 'phone', 'email'],
}
/** The fields that a sheet about them may have, in the order of the template, the ИИН where the school keeps it. The server decides all the same. */
export const fieldsOf = (subject: Subject, iin: boolean): readonly Field[] => TAKES[subject].filter((field) => iin || field !== 'iin')

export const SUBJECTS: readonly Subject[] = ['students', 'guardians', 'staff']

type Remark = ImportRow['faults'][number]
export const REMARKS: readonly string[] = [
  'required',
  'unknown',
  'too-long',
  'name-invalid',
  'date-invalid',
  'phone-invalid',
  'email-invalid',
  'not-for-kind',
  'import-twice',
  'import-several',
  'import-class-unknown',
  'import-student-unknown',
  'import-student-several',
  'import-student-left-out',
  'import-sex-unknown',
  'import-relation-unknown',
  'import-namesake',
  'import-in-archive',
  'import-phone-abroad',
  'iin-digits',
  'iin-checksum',
  'iin-unassignable',
  'iin-taken',
  'import-iin-archived',
  'import-iin-twice',
  'import-iin-date',
  'import-language-differs',
  'import-iin-off',
  'import-subject-unknown',
]

/** A fault or a note in words. */
export function remarkOf({ code }: Remark, t: Translate): string {
  return t(`import.remark.${REMARKS.includes(code) ? code : 'other'}`)
}

export function sheetOf(tables: ImportTable[], at: number, t: Translate): string {
  return tables[at]?.name || t('import.sheet', { number: at + 1 })
}

export function headingOf(table: ImportTable, at: number, t: Translate): string {
  return table.columns[at]?.heading.trim() || t('import.column', { number: at + 1 })
}

/** The columns of a row that are shown: those that say something, or all where nothing is read. */
export function shownColumns(table: ImportTable): number[] {
  const all = table.columns.map((_, at) => at)
  const said = all.filter((at) => table.columns[at]?.field !== undefined)
  return table.subject && said.length > 0 ? said : all
}

/** The fault of a column, in words. */
export function faultAt(row: ImportRow, table: ImportTable, at: number, t: Translate): string | undefined {
  const field = table.columns[at]?.field
  const found = row.faults.filter((fault) => field !== undefined && fault.field === field)
  return found.length > 0 ? found.map((fault) => remarkOf(fault, t)).join(' ') : undefined
}

/** Faults that no column of the sheet bears, each a sentence. */
export function strayFaults(row: ImportRow, table: ImportTable, t: Translate): string[] {
  const borne = (field: Field) => table.columns.some((column) => column.field === field)
  return row.faults
    .filter(({ field }) => field === undefined || !borne(field))
    .map((fault) => (fault.field ? t('import.no-column', { field: t(`import.field.${fault.field}`), fault: remarkOf(fault, t) }) : remarkOf(fault, t)))
}
