// Recovery codes, shown this once: to be printed or written down.
import { Alert, Button, Group, SimpleGrid, Text } from '@mantine/core'
import { useT } from '~/ui/text'

export function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const t = useT()
  return (
    <Alert variant="light" title={t('account.codes-title')}>
      <Text mb="sm">{t('account.codes-help')}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={4} role="list" aria-label={t('account.codes-title')}>
        {codes.map((code) => (
          <Text key={code} ff="monospace" role="listitem">
            {code}
          </Text>
        ))}
      </SimpleGrid>
      <Group mt="md">
        <Button variant="default" onClick={() => globalThis.print()}>
          {t('account.codes-print')}
        </Button>
        <Button onClick={onDone}>{t('account.codes-kept')}</Button>
      </Group>
    </Alert>
  )
}
