// A lesson on one weekday of many weeks; days off are left out, and named with the reason.
import { List, NativeSelect, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { addDays, formatDate, parseDate, weekdayName } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { useLanguage } from '~/lib/useLanguage'
import { client, type PortalAnswer } from '~/portal/api'
import { calendarRead, forget } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { FieldGroup } from '~/ui/FieldGroup'
import { useT } from '~/ui/text'
import { numberRight, WhoseFields } from './fields'

type Made = PortalAnswer<'lesson_series'>
/** Some Monday. */
const MONDAY = '2026-09-07'

export function SeriesForm({ classId = '' }: { classId?: string }) {
  const t = useT()
  const me = useMe()
  const { language } = useLanguage()
  const calendar = useQuery(calendarRead())
  const year = calendar.data?.years.find(({ current }) => current)
  const [made, setMade] = useState<Made>()
  const form = useForm({
    initial: { class_id: classId, subject_id: '', teacher_id: '', weekday: '1', number: '', from: formatDate(me.today), to: '' },
    labels: {
      class_id: t('common.class'),
      subject_id: t('common.subject'),
      teacher_id: t('timetable.teacher'),
      weekday: t('timetable.weekday'),
      number: t('timetable.number'),
      from: t('timetable.from'),
      to: t('timetable.to'),
    },
    check: ({ class_id, subject_id, teacher_id, number, from, to }) => ({
      class_id: class_id ? undefined : t('common.required'),
      subject_id: subject_id ? undefined : t('common.required'),
      teacher_id: teacher_id ? undefined : t('common.required'),
      number: numberRight(number) ? undefined : t('timetable.number-wrong'),
      from: parseDate(from) ? undefined : t('portal.date-wrong'),
      to: parseDate(to) || (!to && year) ? undefined : t('portal.date-wrong'),
    }),
  })
  const { field } = form
  const send = async ({ class_id, subject_id, teacher_id, weekday, number, from, to }: typeof form.values) => {
    setMade(undefined)
    const { data } = await client.POST('/lessons/series', {
      body: {
        class_id,
        subject_id,
        teacher_id,
        weekday: Number(weekday),
        number: Number(number),
        from: parseDate(from) ?? from,
        to: parseDate(to) ?? year?.ends ?? to,
      },
    })
    await forget('/lessons', '/journal', '/desk/teacher')
    setMade(data)
  }
  return (
    <section aria-label={t('timetable.series')}>
      <Form form={form} onSend={send} action={t('timetable.series-add')} label={t('timetable.series')}>
        <FieldGroup title={t('timetable.series')}>
          <WhoseFields form={form} />
          <NativeSelect {...field('weekday')} data={[1, 2, 3, 4, 5, 6].map((day) => ({ value: `${day}`, label: weekdayName(addDays(MONDAY, day - 1), language) }))} />
          <TextInput {...field('number')} inputMode="numeric" maxLength={2} required autoComplete="off" />
          <TextInput {...field('from')} description={t('portal.date-help')} inputMode="numeric" maxLength={10} required autoComplete="off" />
          <TextInput {...field('to')} placeholder={year && formatDate(year.ends)} description={t('portal.date-help')} inputMode="numeric" maxLength={10} autoComplete="off" />
        </FieldGroup>
      </Form>
      <div role="status">
        {made && (
          <>
            <Text mt="sm">✓ {t('timetable.series-added', { count: made.added })}</Text>
            {made.skipped.length > 0 && (
              <>
                <Text fw={600}>{t('timetable.skipped')}</Text>
                <List>
                  {made.skipped.map(({ date, reason }) => (
                    <List.Item key={date}>
                      {formatDate(date)}: {reason}
                    </List.Item>
                  ))}
                </List>
              </>
            )}
          </>
        )}
      </div>
    </section>
  )
}
