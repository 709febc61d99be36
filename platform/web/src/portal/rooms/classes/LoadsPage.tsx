// Who teaches which subject to which class.
import { Anchor, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { may } from '~/lib/may'
import { formatDecimal, parseDecimal } from '~/lib/numbers'
import { named, useLanguage } from '~/lib/useLanguage'
import { client } from '~/portal/api'
import { classList, forget, loadList, staffList, subjectList, taughtList, type Load } from '~/portal/dictionaries'
import { Lacking } from '~/portal/Lacking'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { FieldGroup } from '~/ui/FieldGroup'
import { Needed } from '~/ui/Needed'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'

export function LoadsPage() {
  const t = useT()
  const me = useMe()
  const { language } = useLanguage()
  const loads = useQuery(loadList())
  return (
    <>
      <PageHead title={t('classes.loads.title')} lead={t('classes.loads.lead')} />
      <Stack gap="xl">
        {may(me, 'class.edit') && <LoadForm />}
        <DataState
          query={loads}
          isEmpty={(all) => all.length === 0}
          empty={<EmptyState title={t('classes.loads.empty')} help={t('classes.loads.empty-help')} />}
        >
          {(all) => (
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('common.class')}</Table.Th>
                  <Table.Th>{t('common.subject')}</Table.Th>
                  <Table.Th>{t('classes.loads.teacher')}</Table.Th>
                  <Table.Th visibleFrom="sm">{t('classes.loads.hours')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.map((load) => (
                  <Table.Tr key={load.id}>
                    <Table.Td>{load.class_name}</Table.Td>
                    <Table.Td>
                      {may(me, 'journal.see') ? (
                        <Anchor
                          inherit
                          title={t('classes.loads.journal')}
                          renderRoot={(props) => <Link to={paths.journal} search={{ class: load.class_id, subject: load.subject_id }} {...props} />}
                        >
                          {named(load, 'subject', language)}
                        </Anchor>
                      ) : (
                        named(load, 'subject', language)
                      )}
                    </Table.Td>
                    <Table.Td>{load.teacher_name}</Table.Td>
                    <Table.Td visibleFrom="sm">{load.weekly_tenths !== undefined && formatDecimal(load.weekly_tenths / 10, language)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </DataState>
      </Stack>
    </>
  )
}

function LoadForm() {
  const t = useT()
  const { language } = useLanguage()
  const classes = useQuery(classList())
  const subjects = useQuery(subjectList())
  const staff = useQuery(staffList())
  const taught = useQuery(taughtList())
  const [added, setAdded] = useState<Load>()
  const form = useForm({
    initial: { class_id: '', subject_id: '', teacher_id: '', weekly_tenths: '' },
    labels: { class_id: t('common.class'), subject_id: t('common.subject'), teacher_id: t('classes.loads.teacher'), weekly_tenths: t('classes.loads.hours') },
    check: ({ class_id, subject_id, teacher_id, weekly_tenths }) => ({
      class_id: class_id ? undefined : t('common.required'),
      subject_id: subject_id ? undefined : t('common.required'),
      teacher_id: teacher_id ? undefined : t('common.required'),
      weekly_tenths: weekly_tenths.trim() && parseDecimal(weekly_tenths) === undefined ? t('classes.loads.hours-wrong') : undefined,
    }),
  })
  const { field, values } = form
  // Those of the subject stand first; where nobody is said to teach it, all stand as they are.
  const people = (staff.data?.people ?? []).map(({ id, full_name }) => ({ value: id, label: full_name }))
  const ofSubject = new Set(taught.data?.flatMap(({ teacher_id, subject_ids }) => (subject_ids.includes(values.subject_id) ? [teacher_id] : [])))
  const [first, others] = [people.filter(({ value }) => ofSubject.has(value)), people.filter(({ value }) => !ofSubject.has(value))]
  const teachers =
    first.length === 0
      ? people
      : [
          { group: t('classes.loads.teaches'), items: first },
          { group: t('classes.loads.others'), items: others },
        ]
  const choose = { value: '', label: t('portal.choose') }
  const send = async ({ class_id, subject_id, teacher_id, weekly_tenths }: typeof form.values) => {
    const hours = parseDecimal(weekly_tenths)
    const { data } = await client.POST('/loads', {
      body: { class_id, subject_id, teacher_id, ...(hours !== undefined && { weekly_tenths: Math.round(hours * 10) }) },
    })
    await forget('/loads', '/journal/choices')
    setAdded(data)
    form.reset({ class_id, subject_id: '', teacher_id, weekly_tenths: '' })
  }
  return (
    <section aria-label={t('classes.loads.add')}>
      <Form
        form={form}
        onSend={send}
        action={t('classes.loads.add')}
        label={t('classes.loads.add')}
        aside={<span role="status">{added && <Text span>✓ {t('classes.loads.added', { name: `${added.class_name}, ${named(added, 'subject', language)}` })}</Text>}</span>}
      >
        <Needed of={[classes, subjects, staff]} />
        <Lacking classes={classes.data?.length} subjects={subjects.data?.length} staff={staff.data?.count} />
        <FieldGroup title={t('classes.loads.add')}>
          <NativeSelect {...field('class_id')} required data={[choose, ...(classes.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]} />
          <NativeSelect
            {...field('subject_id')}
            required
            data={[choose, ...(subjects.data ?? []).filter(({ active }) => active).map((subject) => ({ value: subject.id, label: named(subject, 'name', language) }))]}
          />
          <NativeSelect {...field('teacher_id')} required data={[choose, ...teachers]} />
          <TextInput {...field('weekly_tenths')} description={t('classes.loads.hours-help')} inputMode="decimal" maxLength={4} autoComplete="off" />
        </FieldGroup>
      </Form>
    </section>
  )
}
