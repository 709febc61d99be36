// The year that the country proposes, with its dates open to be mended; one button keeps it.
import { TextInput } from '@mantine/core'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { named, useLanguage } from '~/lib/useLanguage'
import { client } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { FieldGroup } from '~/ui/FieldGroup'
import { useT } from '~/ui/text'
import { gradesOf, spanRight, valuesOf, yearOf, type Span, type YearNew } from './year'

export function YearForm({ proposed, onSaved }: { proposed: YearNew; onSaved: (name: string) => void }) {
  const t = useT()
  const { language } = useLanguage()
  const form = useForm({
    initial: valuesOf(proposed),
    labels: { year: t('calendar.title'), sets: t('calendar.periods'), holidays: t('calendar.holidays') },
    check: ({ year, sets, holidays }) => ({
      year: spanRight(year) ? undefined : t('portal.date-wrong'),
      sets: sets.every((set) => set.every(spanRight)) ? undefined : t('portal.date-wrong'),
      holidays: holidays.every(spanRight) ? undefined : t('portal.date-wrong'),
    }),
  })
  const { values, set } = form
  const send = async () => {
    const { data } = await client.POST('/calendar/years', { body: yearOf(proposed, values) })
    await forget('/calendar', '/classes')
    onSaved(data?.name ?? proposed.name)
  }
  return (
    <Form form={form} onSend={send} action={t('calendar.save')} label={t('calendar.save')}>
      <FieldGroup title={t('calendar.proposed', { name: proposed.name })} help={t('calendar.proposed-help')}>
        <Pair
          id={form.id('year')}
          span={values.year}
          begins={t('calendar.year-begins')}
          ends={t('calendar.year-ends')}
          onChange={(year) => set('year', year)}
        />
      </FieldGroup>
      {proposed.period_sets.map((periods, at) => (
        <FieldGroup key={periods.name} title={t('calendar.set', { grades: gradesOf(periods.grades) })}>
          {periods.periods.map((period, of) => (
            <Pair
              key={period.number}
              id={at === 0 && of === 0 ? form.id('sets') : undefined}
              span={values.sets[at]?.[of] ?? period}
              begins={t('calendar.period-begins', { name: named(period, 'name', language) })}
              ends={t('calendar.period-ends', { name: named(period, 'name', language) })}
              onChange={(next) => set('sets', values.sets.map((all, i) => (i === at ? all.map((one, j) => (j === of ? next : one)) : all)))}
            />
          ))}
        </FieldGroup>
      ))}
      <FieldGroup title={t('calendar.holidays')}>
        {proposed.holidays.map((holiday, at) => {
          const name = named(holiday, 'name', language) + (holiday.grades ? ` (${t('calendar.holiday-grades', { grades: gradesOf(holiday.grades) })})` : '')
          return (
            <Pair
              key={`${holiday.name_ru} ${holiday.begins} ${at}`}
              id={at === 0 ? form.id('holidays') : undefined}
              span={values.holidays[at] ?? holiday}
              begins={t('calendar.period-begins', { name })}
              ends={t('calendar.period-ends', { name })}
              onChange={(next) => set('holidays', values.holidays.map((one, of) => (of === at ? next : one)))}
            />
          )
        })}
      </FieldGroup>
    </Form>
  )
}

interface PairProps {
  id?: string
  span: Span
  begins: string
  ends: string
  onChange: (span: Span) => void
}

function Pair({ id, span, begins, ends, onChange }: PairProps) {
  const t = useT()
  const wrong = !spanRight(span)
  return (
    <div style={{ display: 'grid', gap: 8, gridTemplateColumns: 'repeat(auto-fit, minmax(min(9rem, 100%), 1fr))', alignItems: 'end' }}>
      <TextInput
        id={id}
        label={begins}
        value={span.begins}
        inputMode="numeric"
        maxLength={10}
        error={wrong && t('portal.date-wrong')}
        onChange={(event) => onChange({ ...span, begins: event.currentTarget.value })}
      />
      <TextInput label={ends} value={span.ends} inputMode="numeric" maxLength={10} error={wrong} onChange={(event) => onChange({ ...span, ends: event.currentTarget.value })} />
    </div>
  )
}
