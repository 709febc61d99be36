// The roles of one member of staff. What the server refuses (the last administrator, a missing second factor) stands above.
import { Checkbox, Stack, Text } from '@mantine/core'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { client } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { Cancel } from '~/ui/Cancel'
import { useT } from '~/ui/text'
import { GIVEN, type Holder, type Role } from './queries'

interface Props {
  holder: Holder
  onDone: (holder: Holder) => void
  onCancel: () => void
}

export function RolesForm({ holder, onDone, onCancel }: Props) {
  const t = useT()
  const form = useForm({
    initial: { roles: holder.roles.filter((role) => GIVEN.includes(role)) as string[] },
    labels: { roles: t('roles.column.roles') },
    check: ({ roles }) => ({ roles: roles.length > 0 ? undefined : t('roles.at-least-one') }),
  })
  const send = async () => {
    const body = { roles: form.values.roles as Role[], version: holder.version }
    const { data } = await client.PUT('/people/{id}/roles', { params: { path: { id: holder.id } }, body })
    await forget('/roles', '/people/search', '/people/{id}', '/me')
    if (data) onDone(data)
  }
  return (
    <Form
      form={form}
      onSend={send}
      action={t('ui.save')}
      label={t('roles.edit')}
      aside={<Cancel onClick={onCancel} />}
    >
      <Text fw={600}>{holder.full_name}</Text>
      <Checkbox.Group
        id={form.id('roles')}
        label={form.labels.roles}
        description={t('roles.administrator-help')}
        error={form.errors.roles}
        value={form.values.roles}
        onChange={(roles) => form.set('roles', roles)}
      >
        <Stack gap="xs" mt={8}>
          {GIVEN.map((role) => (
            <Checkbox key={role} value={role} label={t(`common.role.${role}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
    </Form>
  )
}
