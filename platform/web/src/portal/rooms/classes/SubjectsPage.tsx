// The school's subjects: the country's at once, its own one by one.
import { Button, Checkbox, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { may } from '~/lib/may'
import { named, useLanguage } from '~/lib/useLanguage'
import { client } from '~/portal/api'
import { forget, subjectList } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { FailureNote } from '~/ui/FailureNote'
import { FieldGroup } from '~/ui/FieldGroup'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'

export function SubjectsPage() {
  const t = useT()
  const me = useMe()
  const { language } = useLanguage()
  const edits = may(me, 'class.edit')
  const subjects = useQuery(subjectList())
  const defaults = useMutation({ mutationFn: () => client.POST('/subjects/defaults', { body: {} }), onSuccess: () => forget('/subjects') })
  return (
    <>
      <PageHead
        title={t('classes.subjects.title')}
        action={
          edits && (
            <Button loading={defaults.isPending} onClick={() => defaults.mutate()}>
              {t('classes.subjects.defaults')}
            </Button>
          )
        }
      />
      <Stack gap="xl">
        {defaults.error && <FailureNote error={defaults.error} onRetry={() => defaults.mutate()} />}
        <DataState
          query={subjects}
          isEmpty={(all) => all.length === 0}
          empty={<EmptyState title={t('classes.subjects.empty')} help={t('classes.subjects.empty-help')} />}
        >
          {(all) => (
            <div>
              <Text c="dimmed" role="status">
                {t('classes.subjects.count', { count: all.length })}
              </Text>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('common.subject')}</Table.Th>
                    <Table.Th>{t('classes.subjects.kind')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {all.map((subject) => (
                    <Table.Tr key={subject.id}>
                      <Table.Td>{named(subject, 'name', language)}</Table.Td>
                      <Table.Td>{t(subject.pass_fail ? 'classes.subjects.pass' : 'classes.subjects.marks')}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )}
        </DataState>
        {edits && <SubjectForm />}
      </Stack>
    </>
  )
}

function SubjectForm() {
  const t = useT()
  const { language } = useLanguage()
  const [added, setAdded] = useState<{ name_kk: string; name_ru: string }>()
  const initial = { name_kk: '', name_ru: '', pass_fail: false }
  const form = useForm({
    initial,
    labels: { name_kk: t('classes.subjects.name-kk'), name_ru: t('classes.subjects.name-ru'), pass_fail: t('classes.subjects.pass-fail') },
    check: ({ name_kk, name_ru }) => ({ name_kk: name_kk.trim() ? undefined : t('common.required'), name_ru: name_ru.trim() ? undefined : t('common.required') }),
  })
  const { field } = form
  const send = async ({ name_kk, name_ru, pass_fail }: typeof initial) => {
    await client.POST('/subjects', { body: { name_kk: name_kk.trim(), name_ru: name_ru.trim(), pass_fail } })
    await forget('/subjects')
    setAdded({ name_kk, name_ru })
    form.reset(initial)
  }
  return (
    <section aria-label={t('classes.subjects.add')}>
      <Form
        form={form}
        onSend={send}
        action={t('classes.subjects.add')}
        label={t('classes.subjects.add')}
        aside={<span role="status">{added && <Text span>✓ {t('classes.subjects.added', { name: named(added, 'name', language) })}</Text>}</span>}
      >
        <FieldGroup title={t('classes.subjects.add')}>
          <TextInput {...field('name_kk')} required autoComplete="off" />
          <TextInput {...field('name_ru')} required autoComplete="off" />
          <Checkbox {...form.tick('pass_fail')} />
        </FieldGroup>
      </Form>
    </section>
  )
}
