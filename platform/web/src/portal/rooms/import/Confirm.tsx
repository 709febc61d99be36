// Asks before something is begun that goes on without the reader. A refusal stays in the question.
import { Button, Group, Modal, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'

interface Props {
  title: string
  /** What will happen. */
  children: ReactNode
  /** The button's words. */
  action: string
  color?: string
  busy: boolean
  error: unknown
  onClose: () => void
  onConfirm: () => void
}

export function Confirm({ title, children, action, color, busy, error, onClose, onConfirm }: Props) {
  const t = useT()
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('ui.close') }}>
      <Stack>
        {Boolean(error) && <FailureNote error={error} />}
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button color={color} loading={busy} onClick={onConfirm} data-autofocus>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
