// What a form or a filter chooses from did not come: said, with "try again", rather than shown as a list without a choice.
import { FailureNote } from './FailureNote'

interface Query {
  error: unknown
  refetch: () => unknown
}

/** One note for all of them: what failed is asked again together. */
export function Needed({ of }: { of: Query[] }) {
  const failed = of.filter(({ error }) => error)
  if (failed.length === 0) return null
  return <FailureNote error={failed[0]?.error} onRetry={() => failed.forEach(({ refetch }) => void refetch())} />
}
