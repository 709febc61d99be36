// The school's own words on every card, in both languages, and how they look there.
import { Text, Textarea, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { client, type PortalAnswer } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { DataState } from '~/ui/DataState'
import { useT } from '~/ui/text'
import styles from './credentials.module.css'
import { heading } from './queries'

type Heading = PortalAnswer<'card_heading'>
const MOST = 300

export function HeadingText() {
  const t = useT()
  const kept = useQuery(heading())
  return (
    <section aria-labelledby="heading-title">
      <Title order={2} id="heading-title" mb="xs">
        {t('credentials.heading')}
      </Title>
      <DataState query={kept}>{(words) => <Words key={words.version} words={words} />}</DataState>
    </section>
  )
}

function Words({ words }: { words: Heading }) {
  const t = useT()
  const [saved, setSaved] = useState(false)
  const form = useForm({
    initial: { kk: words.kk ?? '', ru: words.ru ?? '' },
    labels: { kk: t('credentials.heading-kk'), ru: t('credentials.heading-ru') },
  })
  const { field, values } = form
  const send = async () => {
    const [kk, ru] = [values.kk.trim(), values.ru.trim()]
    await client.PUT('/credentials/heading', { body: { version: words.version, ...(kk && { kk }), ...(ru && { ru }) } })
    setSaved(true)
    await forget('/credentials/heading')
  }
  const shown = [values.kk, values.ru].filter((text) => text.trim())
  return (
    <Form form={form} onSend={send} action={t('credentials.heading-save')} label={t('credentials.heading')} guarded={false}>
      <Text c="dimmed">{t('credentials.heading-help')}</Text>
      <Textarea {...field('kk')} maxLength={MOST} rows={3} />
      <Textarea {...field('ru')} maxLength={MOST} rows={3} />
      {shown.length > 0 && (
        <div>
          <Text size="sm">{t('credentials.heading-preview')}</Text>
          <div className={styles.preview}>
            {shown.map((text) => (
              <div key={text}>{text}</div>
            ))}
          </div>
        </div>
      )}
      <div role="status">{saved && <Text size="sm">✓ {t('credentials.heading-saved')}</Text>}</div>
    </Form>
  )
}
