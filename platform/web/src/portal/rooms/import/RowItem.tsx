// One row: its number in the file, what is going to be done and why not, its cells; faulty ones are mended in place.
import { Button, Group, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { memo, useState } from 'react'
import type { ImportSearch } from '~/portal/searches'
import { Cancel } from '~/ui/Cancel'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import { faultAt, headingOf, remarkOf, sheetOf, shownColumns, strayFaults } from './columns'
import styles from './import.module.css'
import { mend, type ImportRow, type ImportTable } from './queries'

/** What was typed over the cells, by the place of the column. */
export type Typed = Record<number, string>

interface Props {
  /** The import, its sheets, and whether its rows can still be mended. */
  id: string
  tables: ImportTable[]
  checked: boolean
  row: ImportRow
  /** The part of the rows in which it stands. */
  part: Omit<ImportSearch, 'id'>
  typed: Typed | undefined
  onTyped: (row: string, typed: Typed | undefined) => void
  onMended: (row: ImportRow) => void
}

const NO_SHEET: ImportTable = { name: '', columns: [], rows: 0 }

/** Drawn anew only when something of its own changes: there are fifty of them, with a dozen cells each. */
export const RowItem = memo(function RowItem({ id, tables, checked, row, part, typed, onTyped, onMended }: Props) {
  const t = useT()
  const table = tables[row.table] ?? NO_SHEET
  const open = checked && table.subject !== undefined
  const [wanted, setWanted] = useState(false)
  const edited = open && (row.outcome === 'error' || wanted || typed !== undefined)
  const cells = table.columns.map((_, at) => typed?.[at] ?? row.cells[at] ?? '')
  const sending = useMutation({
    mutationFn: (skipped: boolean) => mend(id, row.id, part, { cells, skipped }),
    onSuccess: (mended) => {
      setWanted(false)
      if (mended) onMended(mended)
    },
  })
  const name = [tables.length > 1 && sheetOf(tables, row.table, t), t('import.row', { number: row.number })].filter(Boolean).join(' · ')
  const close = () => {
    setWanted(false)
    onTyped(row.id, undefined)
  }
  return (
    <li id={`row-${row.id}`}>
      <form
        aria-label={name}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (edited && !sending.isPending) sending.mutate(false)
        }}
      >
        <Head row={row} table={table} name={name} otherSheet={row.other_table === undefined ? undefined : sheetOf(tables, row.other_table, t)} />
        {edited ? (
          <Inputs row={row} table={table} cells={cells} onChange={(at, value) => onTyped(row.id, { ...typed, [at]: value })} />
        ) : (
          <Facts row={row} table={table} cells={cells} />
        )}
        {sending.error && <FailureNote error={sending.error} />}
        {open && (
          <Group gap="xs" mt="xs">
            {edited && (
              <Button type="submit" size="xs" loading={sending.isPending && !sending.variables} aria-label={`${t('import.save')}: ${name}`}>
                {t('import.save')}
              </Button>
            )}
            {!edited && row.outcome !== 'skipped' && (
              <Button size="xs" variant="default" onClick={() => setWanted(true)} aria-label={`${t('import.edit')}: ${name}`}>
                {t('import.edit')}
              </Button>
            )}
            {edited && row.outcome !== 'error' && (
              <Cancel size="xs" onClick={close} />
            )}
            <Skipping row={row} name={name} busy={sending.isPending} onSkip={(skipped) => sending.mutate(skipped)} />
          </Group>
        )}
      </form>
    </li>
  )
})

function Skipping({ row, name, busy, onSkip }: { row: ImportRow; name: string; busy: boolean; onSkip: (skipped: boolean) => void }) {
  const t = useT()
  const skipped = row.outcome === 'skipped'
  const words = skipped ? t('import.take-in') : t('import.leave-out')
  return (
    <Button size="xs" variant="default" disabled={busy} onClick={() => onSkip(!skipped)} aria-label={`${words}: ${name}`}>
      {words}
    </Button>
  )
}

function Head({ row, table, name, otherSheet }: { row: ImportRow; table: ImportTable; name: string; otherSheet: string | undefined }) {
  const t = useT()
  const other = row.other === undefined ? undefined : { number: row.other }
  const wrong = row.outcome === 'error'
  return (
    <>
      <Text fw={600}>
        {name}:{' '}
        <Text span inherit c={wrong ? 'var(--mantine-color-error)' : undefined}>
          {t(`import.outcome.${row.outcome}`)}
        </Text>
      </Text>
      {strayFaults(row, table, t).map((fault) => (
        <Text key={fault} size="sm" c="var(--mantine-color-error)">
          {fault}
        </Text>
      ))}
      {other && <Text size="sm">{otherSheet ? t('import.see-row-on', { ...other, sheet: otherSheet }) : t('import.see-row', other)}</Text>}
      {row.notes.map((note) => (
        <Text key={note.code} size="sm" c="dimmed">
          {remarkOf(note, t)}
        </Text>
      ))}
    </>
  )
}

function Inputs({ row, table, cells, onChange }: { row: ImportRow; table: ImportTable; cells: string[]; onChange: (at: number, value: string) => void }) {
  const t = useT()
  return (
    <div className={styles.cells}>
      {shownColumns(table).map((at) => (
        <TextInput
          key={at}
          size="xs"
          label={headingOf(table, at, t)}
          value={cells[at] ?? ''}
          error={faultAt(row, table, at, t)}
          onChange={(event) => onChange(at, event.currentTarget.value)}
          maxLength={500}
          autoComplete="off"
        />
      ))}
    </div>
  )
}

function Facts({ row, table, cells }: { row: ImportRow; table: ImportTable; cells: string[] }) {
  const t = useT()
  return (
    <>
      {row.changes.length > 0 && (
        <ul className={styles.changes}>
          {row.changes.map(({ field, before, after }) => (
            <li key={field}>
              {t(`import.field.${field}`)}: {before || '—'} → {after || '—'}
            </li>
          ))}
        </ul>
      )}
      <dl className={styles.cells}>
        {shownColumns(table).map((at) => (
          <div key={at}>
            <dt>{headingOf(table, at, t)}</dt>
            <dd>{cells[at] || '—'}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
