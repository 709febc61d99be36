// What the sheets of a file say: whom each is about, and what stands in its columns. What was recognised is chosen already.
import { Alert, Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { FailureNote } from '~/ui/FailureNote'
import { iinSetting } from '~/portal/dictionaries'
import { useT } from '~/ui/text'
import { fieldsOf, headingOf, sheetOf, SUBJECTS } from './columns'
import styles from './import.module.css'
import { forgetImports, mapColumns, type Field, type Import, type ImportTable, type Subject } from './queries'

export function Sheets({ one }: { one: Import }) {
  const t = useT()
  return (
    <section aria-labelledby="sheets-title">
      <Title order={2} id="sheets-title" mb="xs">
        {t('import.sheets')}
      </Title>
      <ul className={styles.plain}>
        {one.tables.map((table, at) => (
          // Columns that were read anew begin from what the server says.
          <Sheet key={`${at} ${JSON.stringify(table)}`} one={one} at={at} table={table} />
        ))}
      </ul>
    </section>
  )
}

interface Props {
  one: Import
  at: number
  table: ImportTable
}

function Sheet({ one, at, table }: Props) {
  const t = useT()
  const [opened, setOpened] = useState(table.subject === undefined)
  const unread = table.columns.flatMap(({ field }, column) => (field === undefined ? [headingOf(table, column, t)] : []))
  const name = sheetOf(one.tables, at, t)
  return (
    <li>
      <Group gap="xs" justify="space-between">
        <div>
          <Text fw={600}>{name}</Text>
          <Text size="sm">
            {[table.subject ? t(`import.subject.${table.subject}`) : t('import.subject.none'), t('import.rows', { count: table.rows })].join(' · ')}
          </Text>
        </div>
        <Button variant="default" size="xs" aria-expanded={opened} aria-label={`${t('import.columns')}: ${name}`} onClick={() => setOpened(!opened)}>
          {t('import.columns')}
        </Button>
      </Group>
      {table.subject === undefined && (
        <Alert color="yellow" variant="light" mt="xs" title={t('import.unknown-sheet')}>
          {t('import.unknown-sheet-help')}
        </Alert>
      )}
      {table.subject !== undefined && unread.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('import.unread', { columns: unread.join(', ') })}
        </Text>
      )}
      {opened && <Columns one={one} at={at} table={table} onClose={() => setOpened(false)} />}
    </li>
  )
}

function Columns({ one, at, table, onClose }: Props & { onClose: () => void }) {
  const t = useT()
  const [subject, setSubject] = useState<Subject | ''>(table.subject ?? '')
  const [fields, setFields] = useState<(Field | '')[]>(table.columns.map(({ field }) => field ?? ''))
  const iin = useQuery(iinSetting())
  const takes = subject ? fieldsOf(subject, iin.data?.on ?? true) : []
  const said = fields.map((field) => (field && takes.includes(field) ? field : ''))
  const twice = (field: Field | '') => field !== '' && said.filter((other) => other === field).length > 1
  const saving = useMutation({
    mutationFn: () =>
      mapColumns(one.id, { version: one.version, table: at, ...(subject && { subject }), fields: said.map((field) => field || null) as Field[] }),
    onSuccess: onClose,
    onError: () => void forgetImports(),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (!said.some(twice)) saving.mutate()
  }
  return (
    <form onSubmit={send} aria-label={`${t('import.columns')}: ${sheetOf(one.tables, at, t)}`}>
      <Stack gap="sm" mt="sm" align="flex-start">
        <NativeSelect
          label={t('import.subject')}
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value as Subject | '')}
          data={[{ value: '', label: t('import.subject.none') }, ...SUBJECTS.map((value) => ({ value, label: t(`import.subject.${value}`) }))]}
        />
        {subject && (
          <div className={styles.cells}>
            {said.map((field, column) => (
              <NativeSelect
                key={column}
                label={headingOf(table, column, t)}
                value={field}
                error={twice(field) ? t('import.field-twice') : undefined}
                onChange={(event) => setFields(said.with(column, event.currentTarget.value as Field | ''))}
                data={[{ value: '', label: t('import.field.none') }, ...takes.map((value) => ({ value, label: t(`import.field.${value}`) }))]}
              />
            ))}
          </div>
        )}
        {saving.error && <FailureNote error={saving.error} />}
        <Button type="submit" loading={saving.isPending}>
          {t('import.columns-save')}
        </Button>
      </Stack>
    </form>
  )
}
