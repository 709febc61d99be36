// Sign-in data on paper: sheets are ordered, made, fetched once, handed over; how far each class is.
import { NativeSelect, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { may } from '~/lib/may'
import { api, client, type PortalBody } from '~/portal/api'
import { classList, forget } from '~/portal/dictionaries'
import { useTopics } from '~/portal/live'
import { useMe } from '~/portal/me'
import { DataState } from '~/ui/DataState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { Board } from './Board'
import styles from './people.module.css'
import { SheetRow } from './SheetRow'

type SheetNew = PortalBody<'sheet_issue'>
const WHO = ['students', 'guardians', 'staff', 'all'] as const satisfies readonly SheetNew['who'][]
const LANGUAGES = ['kk', 'ru', 'both'] as const satisfies readonly SheetNew['language'][]

const sheetList = () => api.queryOptions('get', '/sheets', {}, { staleTime: 0 })

export function CredentialsPage() {
  const t = useT()
  const me = useMe()
  const sheets = useQuery({ ...sheetList(), enabled: may(me, 'sheet.issue') })
  useTopics(['sheets', 'people'], () => void forget('/sheets', '/credentials/board'))
  return (
    <>
      <PageHead title={t('people.credentials.title')} lead={t('people.credentials.lead')} />
      <Stack gap="xl">
        {may(me, 'sheet.issue') && (
          <>
            <section aria-labelledby="print-title">
              <Title order={2} id="print-title" mb="xs">
                {t('people.credentials.print')}
              </Title>
              <Order />
            </section>
            <section aria-labelledby="sheets-title">
              <Title order={2} id="sheets-title" mb="xs">
                {t('people.credentials.sheets')}
              </Title>
              <DataState query={sheets} isEmpty={(all) => all.length === 0} empty={<Text>{t('people.credentials.no-sheets')}</Text>}>
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
      </Stack>
    </>
  )
}

function Order() {
  const t = useT()
  const classes = useQuery(classList())
  const form = useForm({
    initial: { who: 'students', class_id: '', language: 'both' },
    labels: { who: t('people.credentials.who'), class_id: t('common.class'), language: t('people.credentials.language') },
  })
  const { field, values } = form
  const send = async () => {
    const class_id = values.who === 'staff' ? undefined : values.class_id || undefined
    await client.POST('/sheets', {
      body: { who: values.who as SheetNew['who'], language: values.language as SheetNew['language'], ...(class_id && { class_id }) },
    })
    await forget('/sheets', '/credentials/board')
  }
  return (
    <Form form={form} onSend={send} action={t('people.credentials.print')} label={t('people.credentials.print')} guarded={false}>
      <Text c="dimmed">{t('people.credentials.print-help')}</Text>
      <div className={styles.filters}>
        <NativeSelect {...field('who')} data={WHO.map((value) => ({ value, label: t(`people.credentials.who.${value}`) }))} />
        <NativeSelect
          {...field('class_id')}
          disabled={values.who === 'staff'}
          data={[{ value: '', label: t('people.credentials.whole-school') }, ...(classes.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
        />
        <NativeSelect {...field('language')} data={LANGUAGES.map((value) => ({ value, label: t(`people.credentials.language.${value}`) }))} />
      </div>
    </Form>
  )
}
