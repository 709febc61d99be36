// One query's four states in one place: loading as a skeleton, failed with "try again", empty, and the data.
import { Skeleton, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { FailureNote } from './FailureNote'
import { useT } from './text'

interface Query<T> {
  data: T | undefined
  error: unknown
  refetch: () => unknown
}

interface Props<T> {
  query: Query<T>
  children: (data: T) => ReactNode
  /** Its own skeleton where three lines would jump too much. */
  skeleton?: ReactNode
  /** Tells that the data hold nothing; then `empty` is shown. */
  isEmpty?: (data: T) => boolean
  empty?: ReactNode
}

export function DataState<T>({ query, children, skeleton, isEmpty, empty }: Props<T>) {
  const t = useT()
  const { data } = query
  if (data !== undefined) {
    return (
      <>
        {Boolean(query.error) && <FailureNote error={query.error} onRetry={() => void query.refetch()} />}
        {isEmpty?.(data) ? empty : children(data)}
      </>
    )
  }
  if (query.error) return <FailureNote error={query.error} onRetry={() => void query.refetch()} />
  return (
    <div role="status" aria-label={t('ui.loading')}>
      {skeleton ?? <Lines />}
    </div>
  )
}

export function Lines({ count = 5 }: { count?: number }) {
  return (
    <Stack gap="sm" aria-hidden>
      {Array.from({ length: count }, (_, line) => (
        <Skeleton key={line} h={20} w={line === count - 1 ? '60%' : '100%'} />
      ))}
    </Stack>
  )
}
