// One lesson on one day.
import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { formatDate, parseDate } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { client } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { FieldGroup } from '~/ui/FieldGroup'
import { useT } from '~/ui/text'
import { numberRight, WhoseFields } from './fields'

export function LessonForm({ classId = '' }: { classId?: string }) {
  const t = useT()
  const me = useMe()
  const [added, setAdded] = useState<{ date: string; number: number }>()
  const form = useForm({
    initial: { class_id: classId, subject_id: '', teacher_id: '', date: formatDate(me.today), number: '' },
    labels: { class_id: t('common.class'), subject_id: t('common.subject'), teacher_id: t('timetable.teacher'), date: t('common.date'), number: t('timetable.number') },
    check: ({ class_id, subject_id, teacher_id, date, number }) => ({
      class_id: class_id ? undefined : t('common.required'),
      subject_id: subject_id ? undefined : t('common.required'),
      teacher_id: teacher_id ? undefined : t('common.required'),
      date: parseDate(date) ? undefined : t('portal.date-wrong'),
      number: numberRight(number) ? undefined : t('timetable.number-wrong'),
    }),
  })
  const { field } = form
  const send = async ({ class_id, subject_id, teacher_id, date, number }: typeof form.values) => {
    setAdded(undefined)
    const { data } = await client.POST('/lessons', { body: { class_id, subject_id, teacher_id, date: parseDate(date) ?? date, number: Number(number) } })
    await forget('/lessons', '/journal', '/desk/teacher')
    if (data) setAdded({ date: formatDate(data.date), number: data.number })
  }
  return (
    <section aria-label={t('timetable.one')}>
      <Form
        form={form}
        onSend={send}
        action={t('timetable.one-add')}
        label={t('timetable.one')}
        aside={<span role="status">{added && <Text span>✓ {t('timetable.one-added', added)}</Text>}</span>}
      >
        <FieldGroup title={t('timetable.one')}>
          <WhoseFields form={form} />
          <TextInput {...field('date')} description={t('portal.date-help')} inputMode="numeric" maxLength={10} required autoComplete="off" />
          <TextInput {...field('number')} inputMode="numeric" maxLength={2} required autoComplete="off" />
        </FieldGroup>
      </Form>
    </section>
  )
}
