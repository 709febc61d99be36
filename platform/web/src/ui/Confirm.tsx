// Asks before something is done. A refusal stays in the question. What loses something for good has its name typed: ConfirmTyped.
import { Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { Cancel } from './Cancel'
import { Dialog } from './Dialog'
import { FailureNote } from './FailureNote'

interface Props {
  /** Rather than drawn or not: so the keyboard goes back to where it came from. */
  opened: boolean
  onClose: () => void
  onConfirm: () => void
  title: string
  /** What will happen. */
  children: ReactNode
  /** The button's words. */
  action: string
  /** Something ends by it: the keyboard begins at "Cancel". */
  ends?: boolean
  busy: boolean
  error?: unknown
}

export function Confirm({ opened, onClose, onConfirm, title, children, action, ends = false, busy, error }: Props) {
  return (
    <Dialog opened={opened} onClose={onClose} title={title} transitionProps={{ duration: 0 }}>
      <Stack>
        {Boolean(error) && <FailureNote error={error} />}
        {children}
        <Group justify="flex-end">
          <Cancel onClick={onClose} data-autofocus={ends || undefined} />
          <Button color={ends ? 'red' : undefined} loading={busy} onClick={onConfirm} data-autofocus={!ends || undefined}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
