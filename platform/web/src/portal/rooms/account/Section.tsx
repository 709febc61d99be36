// A part of the account's page: its title, what it is for, and what was saved just now.
import { Stack, Text, Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'

interface Props {
  title: string
  help?: string
  /** What has just happened, read aloud. Rooms keep what happened and say it at each drawing, so that it follows the language. */
  said?: string | false
  children: ReactNode
}

export function Section({ title, help, said, children }: Props) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <Stack gap="sm">
        <div>
          <Title order={2} size="h3" id={id}>
            {title}
          </Title>
          {help && (
            <Text c="dimmed" size="sm">
              {help}
            </Text>
          )}
        </div>
        <div role="status">{said && <Text>✓ {said}</Text>}</div>
        {children}
      </Stack>
    </section>
  )
}
