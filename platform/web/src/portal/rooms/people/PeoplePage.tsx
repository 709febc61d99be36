// Staff, students, guardians: found as one types, added and read in a drawer.
import { Button, Checkbox, Group, NativeSelect, Table, Tabs, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { may } from '~/lib/may'
import { classList, peopleFound, type PersonRow } from '~/portal/dictionaries'
import { useTopics } from '~/portal/live'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { KINDS, type Kind, type PeopleSearch } from '~/portal/searches'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { FieldRow } from '~/ui/FieldRow'
import { Needed } from '~/ui/Needed'
import { PageHead } from '~/ui/PageHead'
import { Side } from '~/ui/Side'
import { useT } from '~/ui/text'
import { TextButton } from '~/ui/TextButton'
import { Duplicates } from './Duplicates'
import { IinSwitch } from './IinSwitch'
import styles from './people.module.css'
import { PersonCard } from './PersonCard'
import { PersonForm } from './PersonForm'

const PAGE = 200

export function PeoplePage() {
  const t = useT()
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: paths.people })
  const kind = search.kind ?? 'staff'
  const adds = may(me, 'person.add')
  const merges = may(me, 'person.merge')
  const duplicates = merges && search.view === 'duplicates'
  const [added, setAdded] = useState<string>()
  const go = (next: PeopleSearch) => void navigate({ to: paths.people, search: { kind, class: search.class, ...next } })
  const goTo = (tab: string) => (tab === 'duplicates' ? go({ view: 'duplicates' }) : go({ kind: tab as Kind, class: tab === 'staff' ? undefined : search.class }))
  const ways = (
    <Group gap="xs">
      {may(me, 'import.run') && (
        <Button variant="default" renderRoot={(props) => <Link {...props} to={paths.import} />}>
          {t('import.open')}
        </Button>
      )}
      {kind === 'student' && may(me, 'transfer.accept') && (
        <Button variant="default" renderRoot={(props) => <Link {...props} to={paths.transfers} />}>
          {t('transfers.accept-open')}
        </Button>
      )}
      {adds && <Button onClick={() => go({ add: true })}>{t(`people.add.${kind}`)}</Button>}
    </Group>
  )
  return (
    <>
      <PageHead
        title={t('people.title')}
        action={
          <Group gap="xs">
            {may(me, 'setup.edit') && <IinSwitch />}
            {ways}
          </Group>
        }
      />
      <Tabs value={duplicates ? 'duplicates' : kind} onChange={(next) => next && goTo(next)} activateTabWithKeyboard={false}>
        <Tabs.List>
          {KINDS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`people.kind.${one}`)}
            </Tabs.Tab>
          ))}
          {merges && <Tabs.Tab value="duplicates">{t('people.duplicates')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="duplicates">{duplicates && <Duplicates key={kind} kind={kind} onKind={(next) => go({ kind: next, view: 'duplicates' })} />}</Tabs.Panel>
        <Tabs.Panel value={kind}>
          <div role="status">{added && <Text mt="sm">✓ {t('people.added', { name: added })}</Text>}</div>
          <List key={`${kind} ${search.class ?? ''}`} kind={kind} classId={search.class} onClass={(id) => go({ class: id })} onOpen={(person) => go({ person })} ways={ways} />
        </Tabs.Panel>
      </Tabs>
      <Side opened={adds && search.add === true} onClose={() => go({})} title={t(`people.add.${kind}`)}>
        <PersonForm
          key={kind}
          kind={kind}
          classId={search.class}
          onCancel={() => go({})}
          onDone={(person) => {
            setAdded(person.full_name)
            go({})
          }}
        />
      </Side>
      <Side opened={search.person !== undefined} onClose={() => go({})} title={t('people.card')}>
        {search.person && <PersonCard key={search.person} id={search.person} />}
      </Side>
    </>
  )
}

interface ListProps {
  kind: Kind
  classId: string | undefined
  onClass: (id: string | undefined) => void
  onOpen: (id: string) => void
  /** How people come in: one by one, or with a file. */
  ways: React.ReactNode
}

function List({ kind, classId, onClass, onOpen, ways }: ListProps) {
  const t = useT()
  const [typed, setTyped] = useState('')
  const [offset, setOffset] = useState(0)
  const [archive, setArchive] = useState(false)
  const keepsArchive = may(useMe(), 'person.leave')
  const [text] = useDebouncedValue(typed.trim(), 200)
  const classes = useQuery(classList())
  const found = useQuery({
    ...peopleFound({ kind, limit: PAGE, ...(classId && { class_id: classId }), ...(text && { text }), ...(offset && { offset }), ...(archive && { state: 'archived' }) }),
    placeholderData: keepPreviousData,
  })
  useTopics(['people', 'sheets'], () => void found.refetch())
  const clear = () => {
    setTyped('')
    setArchive(false)
    onClass(undefined)
  }
  return (
    <>
      <FieldRow>
        <TextInput
          type="search"
          label={t('people.search')}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setOffset(0)
          }}
          autoComplete="off"
        />
        {kind !== 'staff' && (
          <NativeSelect
            label={t('common.class')}
            value={classId ?? ''}
            onChange={(event) => onClass(event.currentTarget.value || undefined)}
            data={[{ value: '', label: t('people.class-all') }, ...(classes.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
          />
        )}
        {keepsArchive && (
          <Checkbox
            label={t('people.archive-show')}
            checked={archive}
            onChange={(event) => {
              setArchive(event.currentTarget.checked)
              setOffset(0)
            }}
          />
        )}
      </FieldRow>
      {kind !== 'staff' && <Needed of={[classes]} />}
      <DataState
        query={found}
        isEmpty={({ count }) => count === 0}
        empty={
          text || classId ? (
            <EmptyState title={t('people.not-found')} help={t('people.not-found-help')} action={<Button variant="default" onClick={clear}>{t('people.clear')}</Button>} />
          ) : archive ? (
            <EmptyState title={t('people.archive-empty')} help={t('people.archive-empty-help')} />
          ) : (
            <EmptyState title={t(`people.empty.${kind}`)} help={t(`people.empty-help.${kind}`)} action={ways} />
          )
        }
      >
        {({ count, people }) => (
          <>
            <Text c="dimmed" role="status">
              {t('people.count', { count })}
            </Text>
            <Rows kind={kind} people={people} onOpen={onOpen} />
            {count > PAGE && <Leaves from={offset} to={offset + people.length} count={count} onFrom={setOffset} />}
          </>
        )}
      </DataState>
    </>
  )
}

/** The part of a long list that is shown, and the ways to the parts before and after it. */
function Leaves({ from, to, count, onFrom }: { from: number; to: number; count: number; onFrom: (from: number) => void }) {
  const t = useT()
  return (
    <Group mt="md">
      <Button variant="default" disabled={from === 0} onClick={() => onFrom(Math.max(0, from - PAGE))}>
        {t('people.page-before')}
      </Button>
      <Text>{t('people.page-at', { from: from + 1, to, count })}</Text>
      <Button variant="default" disabled={to >= count} onClick={() => onFrom(from + PAGE)}>
        {t('people.page-after')}
      </Button>
    </Group>
  )
}

function Rows({ kind, people, onOpen }: { kind: Kind; people: PersonRow[]; onOpen: (id: string) => void }) {
  const t = useT()
  return (
    <Table className={styles.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('people.column.name')}</Table.Th>
          {kind === 'staff' && <Table.Th>{t('people.column.position')}</Table.Th>}
          {kind === 'student' && <Table.Th>{t('common.class')}</Table.Th>}
          <Table.Th>{t('people.column.credential')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map((person) => (
          <Table.Tr key={person.id}>
            <Table.Td>
              <TextButton onClick={() => onOpen(person.id)}>{person.full_name}</TextButton>
            </Table.Td>
            {kind === 'staff' && (
              <Table.Td>{[person.position, ...person.roles.map((role) => t(`common.role.${role}`))].filter(Boolean).join(', ')}</Table.Td>
            )}
            {kind === 'student' && <Table.Td>{person.class_name}</Table.Td>}
            <Table.Td>
              {t(`people.credential.${person.credential}`)}
              {person.restricted && `, ${t('people.restricted')}`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
