// The classes of the year, and a form for one more.
import { Anchor, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { may } from '~/lib/may'
import { client } from '~/portal/api'
import { classList, forget, staffList } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { WayOn } from '~/portal/WayOn'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { FieldGroup } from '~/ui/FieldGroup'
import { Needed } from '~/ui/Needed'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'

const LANGUAGES = ['kk', 'ru', 'other'] as const
const GRADES = Array.from({ length: 13 }, (_, grade) => `${grade}`)
const SHIFTS = ['1', '2', '3']

export function ClassesPage() {
  const t = useT()
  const me = useMe()
  const classes = useQuery(classList())
  return (
    <>
      <PageHead title={t('classes.title')} />
      <Stack gap="xl">
        {may(me, 'class.edit') && <ClassForm />}
        <DataState query={classes} isEmpty={(all) => all.length === 0} empty={
            <EmptyState
              title={t('classes.empty')}
              help={t('classes.empty-help')}
              action={
                <WayOn act="calendar.edit" to={paths.calendar}>
                  {t('portal.nav.calendar')}
                </WayOn>
              }
            />
          }>
          {(all) => (
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('common.class')}</Table.Th>
                  <Table.Th>{t('classes.homeroom')}</Table.Th>
                  <Table.Th visibleFrom="sm">{t('classes.language')}</Table.Th>
                  <Table.Th>{t('classes.shift')}</Table.Th>
                  <Table.Th>{t('classes.students')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.map((one) => (
                  <Table.Tr key={one.id}>
                    <Table.Td>
                      <Anchor inherit renderRoot={(props) => <Link to={paths.people} search={{ kind: 'student', class: one.id }} {...props} />}>
                        {one.name}
                      </Anchor>
                    </Table.Td>
                    <Table.Td>{one.homeroom_name ?? t('classes.homeroom-none')}</Table.Td>
                    <Table.Td visibleFrom="sm">{LANGUAGES.some((code) => code === one.language) ? t(`classes.language.${one.language}`) : one.language}</Table.Td>
                    <Table.Td>{one.shift}</Table.Td>
                    <Table.Td>{one.students}</Table.Td>
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

function ClassForm() {
  const t = useT()
  const staff = useQuery(staffList())
  const [added, setAdded] = useState<string>()
  const form = useForm({
    initial: { grade: '', letter: '', language: 'kk', shift: '1', homeroom_id: '' },
    labels: { grade: t('classes.grade'), letter: t('classes.letter'), language: t('classes.language'), shift: t('classes.shift'), homeroom_id: t('classes.homeroom') },
    check: ({ grade, letter }) => ({ grade: grade ? undefined : t('common.required'), letter: letter.trim() ? undefined : t('common.required') }),
  })
  const { field } = form
  const send = async ({ grade, letter, language, shift, homeroom_id }: typeof form.values) => {
    const { data } = await client.POST('/classes', {
      body: { grade: Number(grade), letter: letter.trim(), language, shift: Number(shift), ...(homeroom_id && { homeroom_id }) },
    })
    await forget('/classes', '/people/search')
    setAdded(data?.name)
    form.reset({ grade, letter: '', language, shift, homeroom_id: '' })
  }
  return (
    <section aria-label={t('classes.add')}>
      <Form form={form} onSend={send} action={t('classes.add')} label={t('classes.add')} aside={<span role="status">{added && <Text span>✓ {t('classes.added', { name: added })}</Text>}</span>}>
        <Needed of={[staff]} />
        <FieldGroup title={t('classes.add')}>
          <NativeSelect {...field('grade')} required data={[{ value: '', label: t('portal.choose') }, ...GRADES]} />
          <TextInput {...field('letter')} required maxLength={3} autoComplete="off" />
          <NativeSelect {...field('language')} data={LANGUAGES.map((value) => ({ value, label: t(`classes.language.${value}`) }))} />
          <NativeSelect {...field('shift')} data={SHIFTS} />
          <NativeSelect
            {...field('homeroom_id')}
            description={t('ui.optional')}
            data={[{ value: '', label: t('classes.homeroom-none') }, ...(staff.data?.people ?? []).map(({ id, full_name }) => ({ value: id, label: full_name }))]}
          />
        </FieldGroup>
      </Form>
    </section>
  )
}
