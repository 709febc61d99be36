// Two profiles of one person side by side: which is kept, and of each difference whose value.
import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { Cancel } from '~/ui/Cancel'
import { DataState } from '~/ui/DataState'
import { FailureNote } from '~/ui/FailureNote'
import { failureOf, type Failure } from '~/ui/failure'
import { useT } from '~/ui/text'
import { differing, keptOf, labelOf, proposed, wordsOf, type MergeField, type Pair } from './merge'
import type { Person } from './person'
import { personRead } from './PersonCard'

interface Props {
  pair: Pair
  onDone: (name: string) => void
  onCancel: () => void
}

export function Compare({ pair, ...props }: Props) {
  const one = useQuery(personRead(pair.one.id))
  const other = useQuery(personRead(pair.other.id))
  return (
    <DataState query={one}>
      {(first) => <DataState query={other}>{(second) => <Choices key={`${first.version} ${second.version}`} one={first} other={second} {...props} />}</DataState>}
    </DataState>
  )
}

function Choices({ one, other, onDone, onCancel }: { one: Person; other: Person } & Omit<Props, 'pair'>) {
  const t = useT()
  const [kept, setKept] = useState(() => keptOf(one, other))
  const dropped = kept.id === one.id ? other : one
  const [take, setTake] = useState<MergeField[]>(() => proposed(kept, dropped))
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const keep = (id: string) => {
    const [next, rest] = id === one.id ? [one, other] : [other, one]
    setKept(next)
    setTake(proposed(next, rest))
  }
  const choose = (field: MergeField, from: string) =>
    setTake((before) => [...before.filter((taken) => taken !== field), ...(from === dropped.id ? [field] : [])])
  const send = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      const body = { version: kept.version, dropped_id: dropped.id, dropped_version: dropped.version, take }
      const { data } = await client.POST('/people/{id}/merge', { params: { path: { id: kept.id } }, body })
      await forget('/duplicates', '/people/search', '/people/{id}', '/classes', '/credentials/board')
      onDone(data?.full_name ?? kept.full_name)
    } catch (error) {
      setFailure(failureOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack>
      <Text>{t('people.merge-help')}</Text>
      {failure && <FailureNote error={failure} />}
      <Radio.Group label={t('people.merge-kept')} value={kept.id} onChange={keep}>
        <Stack gap="xs" mt={4}>
          {[one, other].map((person) => (
            <Radio key={person.id} value={person.id} label={personWords(person, t)} />
          ))}
        </Stack>
      </Radio.Group>
      {differing(one, other).map((field) => (
        <Radio.Group key={field} label={labelOf(field, t)} value={take.includes(field) ? dropped.id : kept.id} onChange={(from) => choose(field, from)}>
          <Group gap="md" mt={4}>
            {[one, other].map((person) => (
              <Radio key={person.id} value={person.id} label={wordsOf(person, field, t)} />
            ))}
          </Group>
        </Radio.Group>
      ))}
      <Group justify="flex-end">
        <Cancel onClick={onCancel} />
        <Button loading={busy} onClick={() => void send()}>
          {t('people.merge')}
        </Button>
      </Group>
    </Stack>
  )
}

function personWords(person: Person, t: ReturnType<typeof useT>): string {
  const links = [...(person.children ?? []), ...(person.guardians ?? [])].map(({ full_name }) => full_name)
  return [person.full_name, person.class_name, t(`people.credential.${person.credential}`), ...links].filter(Boolean).join(', ')
}
