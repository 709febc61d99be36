// What every form has in common: the summary of errors, the failure that belongs to no field, the button that says what will happen.
import { Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { ErrorSummary, type SummaryItem } from '~/ui/ErrorSummary'
import { FailureNote } from '~/ui/FailureNote'
import type { Form as FormState } from './form'
import { useLeaveGuard } from './leave'

interface Props<T extends object> {
  form: FormState<T>
  onSend: (values: T) => Promise<unknown>
  /** The button's words: what will happen. */
  action: string
  children: ReactNode
  /** Beside the button: "Cancel", a saved tick. */
  aside?: ReactNode
  label?: string
  disabled?: boolean
  /** Leaving asks when something was changed; false where nothing typed is worth a question. */
  guarded?: boolean
}

export function Form<T extends object>({ form, onSend, action, children, aside, label, disabled, guarded = true }: Props<T>) {
  useLeaveGuard(guarded && form.dirty)
  const items = summaryOf(form)
  return (
    <form
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        void form.submit(onSend)
      }}
    >
      <Stack gap="md">
        <ErrorSummary items={items} attempt={form.attempt} />
        {form.failure && items.length === 0 && <FailureNote error={form.failure} />}
        {children}
        <Group gap="md" align="center">
          <Button type="submit" loading={form.busy} disabled={disabled}>
            {action}
          </Button>
          {aside}
        </Group>
      </Stack>
    </form>
  )
}

function summaryOf<T extends object>(form: FormState<T>): SummaryItem[] {
  const names = Object.keys(form.labels) as Extract<keyof T, string>[]
  const atFields = names.flatMap((name) => {
    const message = form.errors[name]
    return message ? [{ id: form.id(name), label: form.labels[name], message }] : []
  })
  return [...atFields, ...form.strays.map((message) => ({ message }))]
}
