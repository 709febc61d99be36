// Sign-in data on paper or by letter: ordered, made, fetched once, handed over; how far each class is, who waits.
import { NativeSelect, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { may } from '~/lib/may'
import { client } from '~/portal/api'
import { classList } from '~/portal/dictionaries'
import { useTopics } from '~/portal/live'
import { useMe } from '~/portal/me'
import { DataState } from '~/ui/DataState'
import { FieldRow } from '~/ui/FieldRow'
import { Needed } from '~/ui/Needed'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { Board } from './Board'
import styles from './credentials.module.css'
import { HeadingText } from './HeadingText'
import { forgetAll, sheetList, writeLetters, type SheetNew } from './queries'
import { SheetRow } from './SheetRow'
import { Waiting } from './Waiting'

const WHO = ['students', 'guardians', 'staff', 'all'] as const satisfies readonly SheetNew['who'][]
const LANGUAGES = ['kk', 'ru', 'both'] as const satisfies readonly SheetNew['language'][]
const MEDIA = ['paper', 'letter'] as const

export function CredentialsPage() {
  const t = useT()
  const me = useMe()
  const issues = may(me, 'sheet.issue')
  const sheets = useQuery({ ...sheetList(), enabled: issues })
  useTopics(['sheets', 'people'], () => void forgetAll())
  return (
    <>
      <PageHead title={t('credentials.title')} lead={t('credentials.lead')} />
      <Stack gap="xl">
        {issues && (
          <>
            <section aria-labelledby="print-title">
              <Title order={2} id="print-title" mb="xs">
                {t('credentials.print')}
              </Title>
              <Order />
            </section>
            <section aria-labelledby="sheets-title">
              <Title order={2} id="sheets-title" mb="xs">
                {t('credentials.sheets')}
              </Title>
              <DataState query={sheets} isEmpty={(all) => all.length === 0} empty={<Text>{t('credentials.no-sheets')}</Text>}>
                {(all) => (
                  <ul className={styles.rows}>
                    {all.slice(0, 20).map((sheet) => (
                      <SheetRow key={sheet.id} listed={sheet} />
                    ))}
                  </ul>
                )}
              </DataState>
            </section>
          </>
        )}
        <Board />
        <Waiting />
        {issues && <HeadingText />}
      </Stack>
    </>
  )
}

/** `g7` stands for the parallel, a uuid for a class, nothing for the whole school. */
const placeOf = (place: string): Pick<SheetNew, 'class_id' | 'grade'> =>
  place.startsWith('g') ? { grade: Number(place.slice(1)) } : place ? { class_id: place } : {}

function Order() {
  const t = useT()
  const classes = useQuery(classList())
  const [written, setWritten] = useState<{ count: number; without: number }>()
  const form = useForm({
    initial: { who: 'students', class_id: '', language: 'both', medium: 'paper' },
    labels: {
      who: t('credentials.who'),
      class_id: t('credentials.class'),
      language: t('credentials.language'),
      medium: t('credentials.medium'),
    },
  })
  const { field, values } = form
  const letters = values.medium === 'letter'
  const grades = [...new Set((classes.data ?? []).map(({ grade }) => grade))].sort((a, b) => a - b)
  const send = async () => {
    setWritten(undefined)
    const place = values.who === 'staff' ? {} : placeOf(values.class_id)
    const body: SheetNew = { who: values.who as SheetNew['who'], language: values.language as SheetNew['language'], ...place }
    if (letters) {
      const answer = await writeLetters(body)
      if (answer) setWritten({ count: answer.sheet.total, without: answer.without_address })
      return
    }
    await client.POST('/sheets', { body })
    await forgetAll()
  }
  const action = letters ? t('credentials.write') : t('credentials.print')
  return (
    <Form form={form} onSend={send} action={action} label={t('credentials.print')} guarded={false}>
      <Text c="dimmed">{letters ? t('credentials.write-help') : t('credentials.print-help')}</Text>
      <Needed of={[classes]} />
      <FieldRow>
        <NativeSelect {...field('who')} data={WHO.map((value) => ({ value, label: t(`credentials.who.${value}`) }))} />
        <NativeSelect
          {...field('class_id')}
          disabled={values.who === 'staff'}
          data={[
            { value: '', label: t('credentials.whole-school') },
            ...grades.map((grade) => ({ value: `g${grade}`, label: t('credentials.who.grade', { grade }) })),
            ...(classes.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <NativeSelect {...field('language')} data={LANGUAGES.map((value) => ({ value, label: t(`credentials.language.${value}`) }))} />
        <NativeSelect {...field('medium')} data={MEDIA.map((value) => ({ value, label: t(`credentials.medium.${value}`) }))} />
      </FieldRow>
      <div role="status">{written && <Text size="sm">✓ {t('credentials.written', written)}</Text>}</div>
    </Form>
  )
}
