// Takes a second factor away: the password is typed once more.
import { Text } from '@mantine/core'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { Cancel } from '~/ui/Cancel'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'

interface Props {
  /** What is taken away; the button says it too. */
  title: string
  help?: string
  send: (password: string) => Promise<unknown>
  /** True where it is gone, false where the person thought better of it. */
  onDone: (gone: boolean) => unknown
}

export function RemoveFactor({ title, help, send, onDone }: Props) {
  const t = useT()
  const form = useForm({
    initial: { password: '' },
    labels: { password: t('common.password') },
    check: ({ password }) => ({ password: password ? undefined : t('common.required') }),
  })
  return (
    <Form
      form={form}
      onSend={async ({ password }) => {
        await send(password)
        await onDone(true)
      }}
      action={title}
      label={title}
      guarded={false}
      aside={<Cancel onClick={() => onDone(false)} />}
    >
      {help && <Text>{help}</Text>}
      <Secret {...form.field('password')} autoComplete="current-password" />
    </Form>
  )
}
