// The head of every page: title, a line under it, the one main action on the right. Sets the document's title too.
import { Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useEffect, useRef, type ReactNode } from 'react'
import { useT } from './text'

interface Props {
  title: string
  lead?: ReactNode
  /** The one main action. */
  action?: ReactNode
  /** Takes the focus when it appears: the next page of a flow that did not load anew. */
  focus?: boolean
}

export function PageHead({ title, lead, action, focus = false }: Props) {
  const t = useT()
  useDocumentTitle(`${title} · ${t('ui.product')}`)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (focus) heading.current?.focus()
  }, [focus])
  return (
    <Group justify="space-between" align="flex-start" gap="md" mb="lg">
      <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
        <Title ref={heading} order={1} tabIndex={-1} id="page-title">
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
