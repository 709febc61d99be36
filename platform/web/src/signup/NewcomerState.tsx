// A newcomer's page without a newcomer's session: the session has ended, or never was. What to do instead of an error.
import { Button, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { isProblem } from '~/api/problem'
import { DataState } from '~/ui/DataState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { paths } from './paths'

interface Props<T> {
  query: { data: T | undefined; error: unknown; refetch: () => unknown }
  children: (data: T) => ReactNode
}

export function NewcomerState<T>({ query, children }: Props<T>) {
  const t = useT()
  const refused = isProblem(query.error) && [401, 403, 404].includes(query.error.status)
  if (!refused) return <DataState query={query}>{children}</DataState>
  return (
    <>
      <PageHead title={t('signup.newcomer.title')} />
      <Text mb="md">{t('signup.newcomer.help')}</Text>
      <Button component="a" href={paths.home}>
        {t('signup.newcomer.action')}
      </Button>
    </>
  )
}
