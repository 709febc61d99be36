// What changed, from the room's own short words: `date`, then `from` and `to`, as roles, attendance or as they are.
import { formatDate } from '~/lib/dates'
import { parseWireDate } from '~/portal/wireDate'
import type { Translate } from '~/ui/text'

const ROLES: readonly unknown[] = ['administrator', 'editor', 'class_teacher', 'teacher', 'student', 'guardian']
const ABSENCES: readonly unknown[] = ['absent_unexcused', 'absent_excused', 'ill', 'late']

function words(value: unknown, t: Translate): string | undefined {
  if (Array.isArray(value)) return value.map((one) => words(one, t)).filter(Boolean).join(', ')
  if (ROLES.includes(value)) return t(`common.role.${String(value)}`)
  if (ABSENCES.includes(value)) return t(`common.attendance.${String(value)}`)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

export function changeOf(detail: unknown, t: Translate): string | undefined {
  if (typeof detail !== 'object' || detail === null) return undefined
  const { date, from, to } = detail as { date?: unknown; from?: unknown; to?: unknown }
  const day = parseWireDate(date)
  const [was, is] = [words(from, t), words(to, t)]
  // A cell that was empty before, or is now, says so.
  const change = 'from' in detail && 'to' in detail ? `${was || '—'} → ${is || '—'}` : is || was
  return [day && formatDate(day), change].filter(Boolean).join(': ') || undefined
}
