// The file, where its data come from, and on what basis. A refusal stands at the file; nothing that was typed is lost.
import { FileInput, Radio, Stack, Text, Textarea } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { isProblem, Problem } from '~/api/problem'
import { contentOf } from '~/lib/content'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { paths } from '~/portal/paths'
import { useT } from '~/ui/text'
import styles from './import.module.css'
import { begin, type ImportNew } from './queries'

/** As the server has it: 10 MiB. */
const LARGEST = 10 * 1024 * 1024
const SOURCES = ['own', 'other_diary'] as const satisfies readonly ImportNew['source'][]

interface Values {
  file: File | null
  source: '' | ImportNew['source']
  legal_basis: string
}

export function UploadForm() {
  const t = useT()
  const navigate = useNavigate()
  const [over, setOver] = useState(false)
  const form = useForm<Values>({
    initial: { file: null, source: '', legal_basis: '' },
    labels: { file: t('import.file'), source: t('import.source'), legal_basis: t('import.legal-basis') },
    check: ({ file, source, legal_basis }) => ({
      file: !file ? t('import.file-missing') : file.size > LARGEST ? t('import.file-too-large') : undefined,
      source: source ? undefined : t('import.source-missing'),
      legal_basis: source === 'other_diary' && !legal_basis.trim() ? t('common.required') : undefined,
    }),
  })
  const { field, values } = form
  const choose = (file: File | null | undefined) => file && form.set('file', file)
  const send = async ({ file, source, legal_basis }: Values) => {
    if (!file || !source) return
    const content = await contentOf(file).catch(() => Promise.reject(atFile('import.file-unreadable', t('import.file-unreadable'))))
    const basis = source === 'other_diary' ? { legal_basis: legal_basis.trim() } : {}
    const one = await begin({ file_name: file.name.slice(-200), content, source, ...basis }).catch((error: unknown) => Promise.reject(placed(error)))
    if (one) await navigate({ to: paths.import, search: { id: one.id, outcome: one.counts.error > 0 ? 'error' : undefined } })
  }
  return (
    <Form form={form} onSend={send} action={t('import.check')} label={t('import.upload')}>
      <div
        className={styles.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          choose(event.dataTransfer.files[0])
        }}
      >
        <FileInput
          id={form.id('file')}
          label={form.labels.file}
          description={t('import.file-help')}
          placeholder={t('import.file-choose')}
          accept=".xlsx,.csv"
          value={values.file}
          error={form.errors.file}
          onChange={choose}
        />
      </div>
      <Radio.Group {...field('source')} onChange={(source) => form.set('source', source as Values['source'])}>
        <Stack gap="xs" mt={4}>
          {SOURCES.map((source) => (
            <Radio key={source} value={source} label={t(`import.source.${source}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {values.source === 'other_diary' && (
        <Textarea {...field('legal_basis')} description={t('import.legal-basis-help')} maxLength={1000} rows={3} />
      )}
      <div role="status">{form.busy && <Text size="sm">{t('import.reading')}</Text>}</div>
    </Form>
  )
}

function atFile(code: string, title: string) {
  return new Problem({ code, title, status: 422, fields: [{ field: 'file', code, title }] })
}

/** Why a file is not read is said at the file, with the place of the cell where there is one. */
function placed(error: unknown) {
  if (!isProblem(error) || error.status !== 422 || !error.code.startsWith('import.')) return error
  return atFile(error.code, [error.title, error.detail && `(${error.detail})`].filter(Boolean).join(' '))
}
