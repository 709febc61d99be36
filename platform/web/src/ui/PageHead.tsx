// The head of every page: title, a line under it, the one main action on the right. Sets the document's title too.
import { Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useT } from './text'

interface Props {
  title: string
  lead?: ReactNode
  /** The one main action. */
  action?: ReactNode
}

export function PageHead({ title, lead, action }: Props) {
  const t = useT()
  useDocumentTitle(`${title} · ${t('ui.product')}`)
  return (
    <Group justify="space-between" align="flex-start" gap="md" mb="lg">
      <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
        <Title order={1} tabIndex={-1} id="page-title">
          {title}
        </Title>
        {lead && (
          <Text c="dimmed" mt={4} component="div">
            {lead}
          </Text>
        )}
      </div>
      {action}
    </Group>
  )
}
