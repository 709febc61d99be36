// What both forms of lessons ask: class, subject, teacher. The teacher is proposed by the loads.
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Form } from '~/lib/form'
import { named, useLanguage } from '~/lib/useLanguage'
import { classList, loadList, staffList, subjectList } from '~/portal/dictionaries'
import { useT } from '~/ui/text'

export interface Whose {
  class_id: string
  subject_id: string
  teacher_id: string
  number: string
}

export const numberRight = (text: string) => /^\d{1,2}$/.test(text.trim()) && Number(text) <= 12

export function WhoseFields<T extends Whose>({ form }: { form: Form<T> }) {
  const t = useT()
  const { language } = useLanguage()
  const classes = useQuery(classList())
  const subjects = useQuery(subjectList())
  const staff = useQuery(staffList())
  const loads = useQuery(loadList())
  // Three of the form's fields; whatever else it holds is its own.
  const shared = form as unknown as Form<Whose>
  const choose = { value: '', label: t('portal.choose') }
  const change = (part: Partial<Whose>) => {
    const next = { ...shared.values, ...part }
    for (const name of ['class_id', 'subject_id'] as const) if (part[name] !== undefined) shared.set(name, part[name])
    const load = loads.data?.find((one) => one.class_id === next.class_id && one.subject_id === next.subject_id)
    if (load) shared.set('teacher_id', load.teacher_id)
  }
  return (
    <>
      <NativeSelect
        {...shared.field('class_id')}
        onChange={(event) => change({ class_id: event.currentTarget.value })}
        required
        data={[choose, ...(classes.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
      />
      <NativeSelect
        {...shared.field('subject_id')}
        onChange={(event) => change({ subject_id: event.currentTarget.value })}
        required
        data={[choose, ...(subjects.data ?? []).filter(({ active }) => active).map((subject) => ({ value: subject.id, label: named(subject, 'name', language) }))]}
      />
      <NativeSelect
        {...shared.field('teacher_id')}
        required
        data={[choose, ...(staff.data?.people ?? []).map(({ id, full_name }) => ({ value: id, label: full_name }))]}
      />
    </>
  )
}
