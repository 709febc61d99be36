// Nothing here yet: says what to do first, with the one action that does it.
import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  title: string
  help?: string
  action?: ReactNode
}

export function EmptyState({ title, help, action }: Props) {
  return (
    <Stack align="flex-start" gap="xs" py="lg">
      <Text fw={600}>{title}</Text>
      {help && <Text c="dimmed">{help}</Text>}
      {action}
    </Stack>
  )
}
