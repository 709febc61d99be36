// After sending: the number, what happens next and when, how to ask.
import { Button, List, Stack, Text } from '@mantine/core'
import { Link } from 'wouter'
import { formatMoment } from '~/lib/dates'
import { paths } from '~/signup/paths'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import type { Sent } from './ApplyPage'

export function SentNote({ sent, onAnother }: { sent: Sent; onAnother: () => void }) {
  const t = useT()
  return (
    <Stack maw="40rem" gap="lg" role="status">
      <PageHead title={t('signup-apply.sent', { number: sent.number })} lead={t('signup-apply.received', { at: formatMoment(sent.received_at) })} />
      <div>
        <Text fw={600}>{t('signup-apply.next-title')}</Text>
        <List type="ordered" spacing="xs" mt="xs">
          <List.Item>{t('signup-apply.next-review', { days: sent.answer_within_days })}</List.Item>
          <List.Item>{t('signup-apply.next-letter', { email: sent.email })}</List.Item>
          <List.Item>{t('signup-apply.next-enter')}</List.Item>
        </List>
      </div>
      <Text>{t('signup-apply.ask', { number: sent.number })}</Text>
      <Stack align="flex-start" gap="xs">
        <Button component={Link} href={paths.home}>
          {t('ui.home')}
        </Button>
        <Button variant="subtle" onClick={onAnother}>
          {t('signup-apply.another')}
        </Button>
      </Stack>
    </Stack>
  )
}
