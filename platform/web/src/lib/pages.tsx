// Pages that every entry has: not found, and gone wrong.
import { Button } from '@mantine/core'
import { FailureNote } from '~/ui/FailureNote'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'

export function NotFoundPage({ home }: { home: string }) {
  const t = useT()
  return (
    <>
      <PageHead title={t('ui.not-found')} lead={t('ui.not-found-help')} />
      <Button component="a" href={home} variant="default">
        {t('ui.home')}
      </Button>
    </>
  )
}

export function ErrorPage({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useT()
  return (
    <>
      <PageHead title={t('ui.error')} />
      <FailureNote error={error} onRetry={onRetry ?? (() => location.reload())} />
    </>
  )
}
