// The start of an import: the empty workbook, the file with what it is based on, and the imports that were before.
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { formatMoment } from '~/lib/dates'
import { savePaper } from '~/lib/paper'
import { client } from '~/portal/api'
import { useTopics } from '~/portal/live'
import { paths } from '~/portal/paths'
import { OUTCOMES } from '~/portal/searches'
import { DataState } from '~/ui/DataState'
import { FailureNote } from '~/ui/FailureNote'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import styles from './import.module.css'
import { forgetImports, importList, type Import } from './queries'
import { UploadForm } from './UploadForm'

const TEMPLATES = ['kk', 'ru'] as const

export function Start() {
  const t = useT()
  return (
    <>
      <PageHead title={t('import.title')} lead={t('import.lead')} />
      <Stack gap="xl">
        <section aria-labelledby="template-title">
          <Title order={2} id="template-title" mb="xs">
            {t('import.template')}
          </Title>
          <Template />
        </section>
        <section aria-labelledby="upload-title">
          <Title order={2} id="upload-title" mb="xs">
            {t('import.upload')}
          </Title>
          <UploadForm />
        </section>
        <section aria-labelledby="earlier-title">
          <Title order={2} id="earlier-title" mb="xs">
            {t('import.earlier')}
          </Title>
          <Earlier />
        </section>
      </Stack>
    </>
  )
}

function Template() {
  const t = useT()
  const fetched = useMutation({ mutationFn: fetchTemplate })
  return (
    <Stack gap="xs" align="flex-start">
      <Text>{t('import.template-help')}</Text>
      <Group gap="xs">
        {TEMPLATES.map((language) => (
          <Button key={language} variant="default" loading={fetched.isPending && fetched.variables === language} onClick={() => fetched.mutate(language)}>
            {t(`import.template.${language}`)}
          </Button>
        ))}
      </Group>
      {fetched.error && <FailureNote error={fetched.error} />}
    </Stack>
  )
}

async function fetchTemplate(language: (typeof TEMPLATES)[number]) {
  const { data, response } = await client.GET('/imports/template', { params: { query: { language } }, parseAs: 'blob' })
  if (data) savePaper(data, response, `kundelik-people-${language}.xlsx`)
}

function Earlier() {
  const t = useT()
  const all = useQuery(importList())
  useTopics(['imports'], () => void forgetImports())
  return (
    <DataState query={all} isEmpty={(some) => some.length === 0} empty={<Text c="dimmed">{t('import.earlier-none')}</Text>}>
      {(some) => (
        <ul className={styles.plain}>
          {some.map((one) => (
            <EarlierRow key={one.id} one={one} />
          ))}
        </ul>
      )}
    </DataState>
  )
}

function EarlierRow({ one }: { one: Import }) {
  const t = useT()
  const counts = OUTCOMES.filter((outcome) => one.counts[outcome] > 0).map((outcome) => t(`import.count.${outcome}`, { count: one.counts[outcome] }))
  return (
    <li>
      <Link className={styles.link} to={paths.import} search={{ id: one.id }}>
        {one.file_name}
      </Link>
      <Text size="sm">
        {[t(`import.state.${one.state}`), ...counts].join(' · ')}
      </Text>
      <Text size="sm" c="dimmed">
        {t('import.brought', { name: one.requested_by, at: formatMoment(one.created_at) })}
      </Text>
    </li>
  )
}
