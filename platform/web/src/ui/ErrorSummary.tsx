// The errors of a form summed up at its top: a heading that takes the focus, and a link to each field.
import { Alert, Anchor, List } from '@mantine/core'
import { useEffect, useRef } from 'react'
import classes from './ErrorSummary.module.css'
import { useT } from './text'

export interface SummaryItem {
  /** The id of the control; without one the line is text. */
  id?: string
  label?: string
  message: string
}

interface Props {
  items: SummaryItem[]
  /** Grows with every refused attempt: the summary takes the focus again. */
  attempt: number
}

export function ErrorSummary({ items, attempt }: Props) {
  const t = useT()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (items.length > 0) box.current?.focus()
    // Only a new attempt moves the focus: mending one field must not pull the reader away from it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [attempt])
  if (items.length === 0) return null
  return (
    <Alert ref={box} tabIndex={-1} role="alert" color="red" variant="light" title={t('ui.summary', { count: items.length })}>
      <List size="sm" spacing={4}>
        {items.map((item) => (
          <List.Item key={`${item.id ?? ''} ${item.message}`}>
            {item.id ? (
              <Anchor className={classes.link} href={`#${item.id}`} inherit underline="always" onClick={(event) => jump(event, item.id)}>
                {sentence(item)}
              </Anchor>
            ) : (
              sentence(item)
            )}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

function sentence({ label, message }: SummaryItem) {
  return label ? `${label}: ${message}` : message
}

function jump(event: { preventDefault: () => void }, id: string | undefined) {
  const control = id ? document.getElementById(id) : null
  if (!control) return
  event.preventDefault()
  control.focus()
  control.scrollIntoView({ block: 'center' })
}
