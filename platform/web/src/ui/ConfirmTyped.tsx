// A destructive act: says what will be lost, and has the name typed before its button works.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { Cancel } from './Cancel'
import { Dialog } from './Dialog'
import { useT } from './text'

interface Props {
  opened: boolean
  onClose: () => void
  onConfirm: () => void
  title: string
  /** What will be lost, and until when it can be undone. */
  children: ReactNode
  /** What is to be typed. */
  name: string
  /** Says what will happen: "Delete the class". */
  action: string
  busy?: boolean
}

export function ConfirmTyped({ opened, onClose, onConfirm, title, children, name, action, busy }: Props) {
  const t = useT()
  const [typed, setTyped] = useState('')
  const close = () => {
    setTyped('')
    onClose()
  }
  return (
    <Dialog opened={opened} onClose={close} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (typed.trim() === name) onConfirm()
        }}
      >
        <Stack>
          <Text component="div">{children}</Text>
          <TextInput
            label={t('ui.confirm-type', { name })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <Group justify="flex-end">
            <Cancel onClick={close} />
            <Button type="submit" color="red" disabled={typed.trim() !== name} loading={busy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
