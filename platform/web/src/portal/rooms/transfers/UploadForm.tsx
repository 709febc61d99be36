// The file that the former school gave out. A refusal stands at it and says what to do.
import { FileInput, Text } from '@mantine/core'
import { isProblem, Problem } from '~/api/problem'
import { contentOf } from '~/lib/content'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { useT } from '~/ui/text'
import { LARGEST, open, type Opened } from './transfer'

interface Values {
  file: File | null
}

export function UploadForm({ onOpened }: { onOpened: (opened: Opened) => void }) {
  const t = useT()
  const form = useForm<Values>({
    initial: { file: null },
    labels: { file: t('transfers.file') },
    check: ({ file }) => ({ file: !file ? t('transfers.file-missing') : file.size > LARGEST ? t('transfers.file-too-large') : undefined }),
  })
  const send = async ({ file }: Values) => {
    if (!file) return
    const content = await contentOf(file).catch(() => Promise.reject(atFile('transfers.file-unreadable', t('transfers.file-unreadable'))))
    const opened = await open(content).catch((error: unknown) => Promise.reject(placed(error)))
    if (opened) onOpened(opened)
  }
  return (
    <Form form={form} onSend={send} action={t('transfers.look')} label={t('transfers.accept')} guarded={false}>
      <FileInput
        id={form.id('file')}
        label={form.labels.file}
        description={t('transfers.file-help')}
        placeholder={t('transfers.file-choose')}
        accept=".kundelik"
        value={form.values.file}
        error={form.errors.file}
        onChange={(file) => form.set('file', file)}
        maw="36rem"
      />
      <div role="status">{form.busy && <Text size="sm">{t('transfers.opening')}</Text>}</div>
    </Form>
  )
}

function atFile(code: string, title: string) {
  return new Problem({ code, title, status: 422, fields: [{ field: 'file', code, title }] })
}

/** Why a file is not accepted is said at the file. */
function placed(error: unknown) {
  return isProblem(error) && error.code.startsWith('transfers.') ? atFile(error.code, error.title) : error
}
