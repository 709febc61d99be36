// A failure where it happened: it stays until it is dealt with, and says what to do. Never a toast.
import { Alert, Button, Text } from '@mantine/core'
import { failureOf } from './failure'
import { useT } from './text'

interface Props {
  error: unknown
  /** Shows "Try again". */
  onRetry?: () => void
}

export function FailureNote({ error, onRetry }: Props) {
  const t = useT()
  const failure = failureOf(error)
  const title = failure.title || t(failure.words ?? (failure.code === 'network' ? 'ui.failure.network' : 'ui.failure.unexpected'))
  return (
    <Alert role="alert" color="red" variant="light" title={title}>
      {failure.detail && <Text size="sm">{failure.detail}</Text>}
      {failure.code === 'network' && <Text size="sm">{t('ui.failure.network-help')}</Text>}
      {failure.requestId && failure.status >= 500 && (
        <Text size="sm">{t('ui.failure.request', { id: failure.requestId })}</Text>
      )}
      {onRetry && (
        <Button mt="sm" variant="default" onClick={onRetry}>
          {t('ui.retry')}
        </Button>
      )}
    </Alert>
  )
}
