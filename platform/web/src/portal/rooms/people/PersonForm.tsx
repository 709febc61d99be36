// The form of a person, new or edited: the fields follow the kind.
import { Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { may } from '~/lib/may'
import { client } from '~/portal/api'
import { classList, forget } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import type { Kind } from '~/portal/searches'
import { Cancel } from '~/ui/Cancel'
import { Needed } from '~/ui/Needed'
import { useT } from '~/ui/text'
import { ChildrenField } from './ChildrenField'
import { IinField } from './IinField'
import { check, editOf, emptyPerson, GRANTED, labelsOf, newOf, ROLES, valuesOf, type Person } from './person'

interface Props {
  kind: Kind
  /** The person that is edited; a new one without. */
  person?: Person
  /** The class that a new student is most likely of. */
  classId?: string
  onDone: (person: Person) => void
  onCancel: () => void
}

export function PersonForm({ kind, person, classId, onDone, onCancel }: Props) {
  const t = useT()
  const me = useMe()
  const classes = useQuery({ ...classList(), enabled: kind === 'student' })
  const form = useForm({
    initial: person ? valuesOf(person) : emptyPerson(classId),
    labels: labelsOf(t),
    check: (values) => check(kind, values, t),
  })
  const { field, values, set, errors } = form

  const send = async () => {
    const { data } = person
      ? await client.PUT('/people/{id}', { params: { path: { id: person.id } }, body: editOf(person, values) })
      : await client.POST('/people', { body: newOf(kind, values) })
    await forget('/people/search', '/people/{id}', '/classes', '/credentials/board')
    if (data) onDone(data)
  }

  return (
    <Form
      form={form}
      onSend={send}
      action={person ? t('ui.save') : t(`people.save.${kind}`)}
      label={person ? t('people.edit') : t(`people.add.${kind}`)}
      aside={<Cancel onClick={onCancel} />}
    >
      <TextInput {...field('surname')} required autoComplete="off" data-autofocus />
      <TextInput {...field('given_name')} autoComplete="off" />
      <TextInput {...field('patronymic')} description={t('ui.optional')} autoComplete="off" />
      <NativeSelect
        {...field('sex')}
        onChange={(event) => set('sex', event.currentTarget.value as 'f' | 'm' | '')}
        required
        data={[{ value: '', label: t('portal.choose') }, ...(['f', 'm'] as const).map((value) => ({ value, label: t(`common.sex.${value}`) }))]}
      />
      <TextInput {...field('birth_date')} description={t('portal.date-help')} inputMode="numeric" maxLength={10} autoComplete="off" />
      {kind === 'student' && (
        <>
          <Needed of={[classes]} />
          <NativeSelect
            {...field('class_id')}
            data={[{ value: '', label: t('portal.choose') }, ...(classes.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
          />
          <TextInput {...field('enrolled_on')} description={t('people.enrolled-on-help')} inputMode="numeric" maxLength={10} autoComplete="off" />
        </>
      )}
      {kind === 'guardian' && <ChildrenField id={form.id('children')} label={form.labels.children} error={errors.children} value={values.children} onChange={(children) => set('children', children)} />}
      {kind === 'staff' && (
        <>
          <TextInput {...field('position')} autoComplete="off" />
          <Checkbox.Group label={form.labels.roles} error={errors.roles} value={values.roles} onChange={(roles) => set('roles', roles)}>
            <Stack gap="xs" mt={4}>
              {ROLES.filter((role) => !GRANTED.includes(role) || may(me, 'role.grant') || values.roles.includes(role)).map((role) => (
                <Checkbox key={role} value={role} label={t(`common.role.${role}`)} disabled={GRANTED.includes(role) && !may(me, 'role.grant')} />
              ))}
            </Stack>
          </Checkbox.Group>
        </>
      )}
      <TextInput {...field('phone')} description={t('people.phone-help')} type="tel" autoComplete="off" />
      <TextInput {...field('email')} description={t('ui.optional')} type="email" autoComplete="off" />
      <IinField form={form} end={person?.iin_end} />
      {kind === 'staff' && <TextInput {...field('address')} description={t('ui.optional')} autoComplete="off" />}
      {(form.failure?.code === 'people.duplicate' || values.confirm_duplicate) && (
        <Group>
          <Checkbox {...form.tick('confirm_duplicate')} />
        </Group>
      )}
    </Form>
  )
}
