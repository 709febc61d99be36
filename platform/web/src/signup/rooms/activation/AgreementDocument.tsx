// The agreement itself, as the PDF that will be signed, in Russian (binding) and in Kazakh; beside it, or in a window of its own.
import { Anchor, Group, SegmentedControl, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useLanguage } from '~/lib/useLanguage'
import { base } from '~/signup/api'
import { DataState } from '~/ui/DataState'
import { useT } from '~/ui/text'
import classes from './AgreementStep.module.css'
import { agreementDocument, type Agreement, type DocumentLanguage } from './queries'

export function AgreementDocument({ agreement }: { agreement: Agreement }) {
  const t = useT()
  const { language } = useLanguage()
  const [lang, setLang] = useState<DocumentLanguage>(language === 'kk' ? 'kk' : 'ru')
  const document = useQuery(agreementDocument(agreement, lang))
  return (
    <section className={classes.document} aria-label={t('signup-activate.document')}>
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          aria-label={t('signup-activate.document-language')}
          value={lang}
          onChange={(value) => setLang(value === 'kk' ? 'kk' : 'ru')}
          data={[
            { value: 'ru', label: t('signup-activate.document-ru') },
            { value: 'kk', label: t('signup-activate.document-kk') },
          ]}
        />
        <Anchor href={`${base}/agreement/document?lang=${lang}`} target="_blank" rel="noopener">
          {t('signup-activate.document-open')}
        </Anchor>
      </Group>
      <DataState query={document} skeleton={<Skeleton h="60vh" />}>
        {(pdf) => <Paper pdf={pdf} title={t('signup-activate.document')} />}
      </DataState>
      <Text size="sm" c="dimmed">
        {t('signup-activate.document-note')}
      </Text>
    </section>
  )
}

function Paper({ pdf, title }: { pdf: Blob; title: string }) {
  const url = useMemo(() => URL.createObjectURL(pdf), [pdf])
  useEffect(() => () => URL.revokeObjectURL(url), [url])
  return <iframe className={classes.frame} src={url} title={title} />
}
