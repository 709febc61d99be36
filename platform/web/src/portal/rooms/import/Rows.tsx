// The rows of an import, a part at a time: narrowed by what is going to be done, errors first; mended where they stand.
import { Button, Group, NativeSelect, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useLeaveGuard } from '~/lib/leave'
import { paths } from '~/portal/paths'
import { OUTCOMES, type ImportSearch } from '~/portal/searches'
import { DataState } from '~/ui/DataState'
import { useT } from '~/ui/text'
import { sheetOf } from './columns'
import styles from './import.module.css'
import { importRows, PAGE, type Import, type ImportRow } from './queries'
import { RowItem, type Typed } from './RowItem'

export function Rows({ one }: { one: Import }) {
  const t = useT()
  const navigate = useNavigate({ from: paths.import })
  const { outcome: wanted, table, offset = 0 } = useSearch({ from: paths.import })
  // Nobody looks for errors in what is written; while rows are mended, the last one leaves an empty list.
  const outcome = wanted && (one.state === 'checked' || one.counts[wanted] > 0) ? wanted : undefined
  const part = useMemo(() => ({ outcome, table, offset }), [outcome, table, offset])
  const rows = useQuery({ ...importRows(one.id, part), placeholderData: keepPreviousData })
  // Kept here and not in the row: turning a page loses nothing.
  const [typed, setTyped] = useState<Record<string, Typed>>({})
  useLeaveGuard(Object.keys(typed).length > 0)
  const list = useRef<HTMLUListElement>(null)
  const count = useRef<HTMLParagraphElement>(null)
  const go = (next: Omit<ImportSearch, 'id'>) => void navigate({ search: { id: one.id, outcome, table, ...next }, replace: true, resetScroll: false })
  // The same functions at each drawing: a key that is typed draws its own row alone.
  const keep = useCallback(
    (row: string, cells: Typed | undefined) =>
      setTyped((all) => {
        const next = { ...all }
        if (cells) next[row] = cells
        else Reflect.deleteProperty(next, row)
        return next
      }),
    [],
  )
  const mended = useCallback(
    (row: ImportRow) => {
      keep(row.id, undefined)
      // After the row stands as the server made it.
      setTimeout(() => (faultyFrom(list.current, row) ?? count.current)?.focus(), 0)
    },
    [keep],
  )
  return (
    <section aria-labelledby="rows-title">
      <Title order={2} id="rows-title" mb="xs">
        {t('import.rows-title')}
      </Title>
      <Filters one={one} outcome={outcome} table={table} onGo={go} />
      <DataState query={rows}>
        {(found) => (
          <>
            <Text c="dimmed" role="status" ref={count} tabIndex={-1}>
              {t('import.rows', { count: found.count })}
            </Text>
            <ul className={styles.plain} ref={list}>
              {found.rows.map((row) => (
                <RowItem
                  key={row.id}
                  id={one.id}
                  tables={one.tables}
                  checked={one.state === 'checked'}
                  row={row}
                  part={part}
                  typed={typed[row.id]}
                  onTyped={keep}
                  onMended={mended}
                />
              ))}
            </ul>
            <Pager offset={offset} shown={found.rows.length} count={found.count} onGo={(next) => go({ offset: next || undefined })} />
          </>
        )}
      </DataState>
    </section>
  )
}

/** The first faulty cell of a row that is still wrong, or else of the rows after it. */
function faultyFrom(list: HTMLElement | null, row: ImportRow): HTMLElement | undefined {
  const items = [...(list?.children ?? [])]
  const at = items.findIndex((item) => item.id === `row-${row.id}`)
  const rest = items.slice(row.outcome === 'error' ? at : at + 1)
  return rest.map((item) => item.querySelector<HTMLElement>('[aria-invalid="true"]')).find((cell) => cell !== null) ?? undefined
}

interface FiltersProps extends Pick<ImportSearch, 'outcome' | 'table'> {
  one: Import
  onGo: (next: Omit<ImportSearch, 'id'>) => void
}

function Filters({ one, outcome, table, onGo }: FiltersProps) {
  const t = useT()
  const all = OUTCOMES.reduce((sum, name) => sum + one.counts[name], 0)
  const shown = OUTCOMES.filter((name) => one.counts[name] > 0 || name === outcome)
  return (
    <div className={styles.filters}>
      <Group gap="xs" role="group" aria-label={t('import.filter')}>
        {shown.map((name) => (
          <Button
            key={name}
            size="xs"
            variant={outcome === name ? 'filled' : 'default'}
            c={name === 'error' && outcome !== name ? 'var(--mantine-color-error)' : undefined}
            aria-pressed={outcome === name}
            onClick={() => onGo({ outcome: name })}
          >
            {t(`import.count.${name}`, { count: one.counts[name] })}
          </Button>
        ))}
        <Button size="xs" variant={outcome ? 'default' : 'filled'} aria-pressed={!outcome} onClick={() => onGo({ outcome: undefined })}>
          {t('import.count.all', { count: all })}
        </Button>
      </Group>
      {one.tables.length > 1 && (
        <NativeSelect
          label={t('import.sheet-filter')}
          value={table ?? ''}
          onChange={({ currentTarget: { value } }) => onGo({ table: value === '' ? undefined : Number(value) })}
          data={[{ value: '', label: t('import.sheets-all') }, ...one.tables.map((_, at) => ({ value: String(at), label: sheetOf(one.tables, at, t) }))]}
        />
      )}
    </div>
  )
}

function Pager({ offset, shown, count, onGo }: { offset: number; shown: number; count: number; onGo: (offset: number) => void }) {
  const t = useT()
  if (offset === 0 && count <= PAGE) return null
  return (
    <Group mt="md">
      <Button variant="default" disabled={offset === 0} onClick={() => onGo(Math.max(0, offset - PAGE))}>
        {t('people.page-before')}
      </Button>
      <Text>{t('people.page-at', { from: Math.min(offset + 1, count), to: offset + shown, count })}</Text>
      <Button variant="default" disabled={offset + shown >= count} onClick={() => onGo(offset + PAGE)}>
        {t('people.page-after')}
      </Button>
    </Group>
  )
}
