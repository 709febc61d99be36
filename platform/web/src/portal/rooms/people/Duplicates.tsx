// Pairs that may be one person: compared, merged, or told apart.
import { Button, Card, Checkbox, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatDate } from '~/lib/dates'
import { api, client } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { useTopics } from '~/portal/live'
import { KINDS, type Kind } from '~/portal/searches'
import { DataState } from '~/ui/DataState'
import { Dialog } from '~/ui/Dialog'
import { EmptyState } from '~/ui/EmptyState'
import { FailureNote } from '~/ui/FailureNote'
import { failureOf, type Failure } from '~/ui/failure'
import { useT } from '~/ui/text'
import { Compare } from './Compare'
import type { Pair } from './merge'

const duplicates = (kind: Kind, apart: boolean) =>
  api.queryOptions('get', '/duplicates', { params: { query: { kind, ...(apart && { apart }) } } }, { staleTime: 0 })

/** What was done, in words at each drawing: so it follows the language. */
type Done = 'people.not-same-done' | 'people.apart-back-done' | { merged: string }

export function Duplicates({ kind, onKind }: { kind: Kind; onKind: (kind: Kind) => void }) {
  const t = useT()
  const [apart, setApart] = useState(false)
  const found = useQuery(duplicates(kind, apart))
  const [pair, setPair] = useState<Pair>()
  const [done, setDone] = useState<Done>()
  useTopics(['people'], () => void found.refetch())
  const say = (what: Done) => {
    setDone(what)
    setPair(undefined)
  }
  const said = done && (typeof done === 'object' ? t('people.merge-done', { name: done.merged }) : t(done))
  return (
    <Stack mt="md">
      <NativeSelect
        label={t('people.duplicates-of')}
        value={kind}
        onChange={(event) => onKind(event.currentTarget.value as Kind)}
        data={KINDS.map((value) => ({ value, label: t(`people.kind.${value}`) }))}
        maw="20rem"
      />
      <Checkbox label={t('people.apart-show')} checked={apart} onChange={(event) => setApart(event.currentTarget.checked)} />
      <div role="status">{said && <Text>✓ {said}</Text>}</div>
      <DataState query={found} isEmpty={({ count }) => count === 0} empty={<EmptyState title={t(apart ? 'people.apart-none' : 'people.duplicates-none')} help={t(apart ? 'people.apart-none-help' : 'people.duplicates-none-help')} />}>
        {({ count, pairs }) => (
          <>
            <Text c="dimmed" role="status">
              {t('people.duplicates-count', { count })}
            </Text>
            {pairs.map((one) => (
              <PairCard
                key={`${one.one.id} ${one.other.id}`}
                pair={one}
                apart={apart}
                onCompare={() => setPair(one)}
                onApart={() => say(apart ? 'people.apart-back-done' : 'people.not-same-done')}
              />
            ))}
          </>
        )}
      </DataState>
      <Dialog opened={pair !== undefined} onClose={() => setPair(undefined)} size="lg" title={t('people.merge-title')}>
        {pair && <Compare pair={pair} onDone={(merged) => say({ merged })} onCancel={() => setPair(undefined)} />}
      </Dialog>
    </Stack>
  )
}

function PairCard({ pair, apart, onCompare, onApart }: { pair: Pair; apart: boolean; onCompare: () => void; onApart: () => void }) {
  const t = useT()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const tell = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      await client.POST('/duplicates/not-same', { body: { one_id: pair.one.id, other_id: pair.other.id, ...(apart && { take_back: true }) } })
      await forget('/duplicates')
      onApart()
    } catch (error) {
      setFailure(failureOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Card component="section" withBorder aria-label={pair.one.full_name}>
      <Stack gap="xs">
        {failure && <FailureNote error={failure} />}
        <ul>
          {[pair.one, pair.other].map((side) => (
            <li key={side.id}>{sideWords(side, t)}</li>
          ))}
        </ul>
        <Text c="dimmed">{t(`people.likeness.${pair.likeness}`)}</Text>
        <Group gap="xs">
          {!apart && (
            <Button variant="default" onClick={onCompare}>
              {t('people.merge-compare')}
            </Button>
          )}
          <Button variant={apart ? 'default' : 'subtle'} loading={busy} onClick={() => void tell()}>
            {t(apart ? 'people.apart-back' : 'people.not-same')}
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}

/** A side in one line: the name, the birth date, the class, whether there is an account. */
export function sideWords({ full_name, birth_date, class_name, registered }: Pair['one'], t: ReturnType<typeof useT>): string {
  return [full_name, birth_date && formatDate(birth_date), class_name, registered && t('people.credential.activated')].filter(Boolean).join(', ')
}
