// What changed, from the room's own short words: `from` and `to`, as roles or as they are.
import type { Translate } from '~/ui/text'

const ROLES: readonly unknown[] = ['administrator', 'editor', 'class_teacher', 'teacher', 'student', 'guardian']

function words(value: unknown, t: Translate): string | undefined {
  if (Array.isArray(value)) return value.map((one) => words(one, t)).filter(Boolean).join(', ')
  if (ROLES.includes(value)) return t(`common.role.${String(value)}`)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

export function changeOf(detail: unknown, t: Translate): string | undefined {
  if (typeof detail !== 'object' || detail === null) return undefined
  const { from, to } = detail as { from?: unknown; to?: unknown }
  const [was, is] = [words(from, t), words(to, t)]
  if (was && is) return `${was} → ${is}`
  return is || was || undefined
}
