// Who of the staff holds which role, changed in a drawer; and what each role may do.
import { NativeSelect, Table, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { may } from '~/lib/may'
import { useTopics } from '~/portal/live'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import type { RolesSearch } from '~/portal/searches'
import { WayOn } from '~/portal/WayOn'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { PageHead } from '~/ui/PageHead'
import { Side } from '~/ui/Side'
import { useT } from '~/ui/text'
import { TextButton } from '~/ui/TextButton'
import { GIVEN, roleList, type Holder } from './queries'
import { Rights } from './Rights'
import styles from './roles.module.css'
import { RolesForm } from './RolesForm'

export function RolesPage() {
  const t = useT()
  const navigate = useNavigate()
  const search = useSearch({ from: paths.roles })
  const tab = search.tab ?? 'people'
  const go = (next: RolesSearch) => void navigate({ to: paths.roles, search: next })
  return (
    <>
      <PageHead title={t('roles.title')} lead={t('roles.lead')} />
      <Tabs value={tab} onChange={(next) => go({ tab: next === 'rights' ? 'rights' : undefined })} activateTabWithKeyboard={false}>
        <Tabs.List>
          <Tabs.Tab value="people">{t('roles.tab.people')}</Tabs.Tab>
          <Tabs.Tab value="rights">{t('roles.tab.rights')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab} pt="md">
          {tab === 'rights' ? <Rights /> : <Holders person={search.person} onPerson={(person) => go({ person })} />}
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function Holders({ person, onPerson }: { person: string | undefined; onPerson: (id: string | undefined) => void }) {
  const t = useT()
  const holders = useQuery(roleList())
  const [role, setRole] = useState('')
  const [saved, setSaved] = useState<string>()
  useTopics(['people'], () => void holders.refetch())
  const opened = holders.data?.find(({ id }) => id === person)
  return (
    <>
      <div role="status">{saved && <Text mb="sm">✓ {t('roles.saved', { name: saved })}</Text>}</div>
      <DataState query={holders} isEmpty={(all) => all.length === 0} empty={
          <EmptyState
            title={t('roles.empty')}
            help={t('roles.empty-help')}
            action={
              <WayOn act="person.add" to={paths.people} search={{ kind: 'staff' }}>
                {t('portal.nav.people')}
              </WayOn>
            }
          />
        }>
        {(all) => {
          const administrators = all.filter(({ roles, registered }) => registered && roles.includes('administrator')).length
          const shown = all.filter(({ roles }) => role === '' || roles.some((one) => one === role))
          return (
            <>
              <Text fw={600}>{t('roles.administrators', { count: administrators })}</Text>
              {administrators < 2 && <Text c="dimmed">{t('roles.administrators-help')}</Text>}
              <NativeSelect
                className={styles.filter}
                label={t('roles.role')}
                value={role}
                onChange={(event) => setRole(event.currentTarget.value)}
                data={[{ value: '', label: t('roles.role-all') }, ...GIVEN.map((value) => ({ value, label: t(`common.role.${value}`) }))]}
              />
              {shown.length === 0 ? <EmptyState title={t('roles.none-of')} /> : <Rows holders={shown} onOpen={onPerson} />}
            </>
          )
        }}
      </DataState>
      <Side opened={opened !== undefined} onClose={() => onPerson(undefined)} title={t('roles.edit')}>
        {opened && (
          <RolesForm
            key={`${opened.id} ${opened.version}`}
            holder={opened}
            onCancel={() => onPerson(undefined)}
            onDone={({ full_name }) => {
              setSaved(full_name)
              onPerson(undefined)
            }}
          />
        )}
      </Side>
    </>
  )
}

function Rows({ holders, onOpen }: { holders: Holder[]; onOpen: (id: string) => void }) {
  const t = useT()
  const grants = may(useMe(), 'role.grant')
  return (
    <Table className={styles.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('roles.column.name')}</Table.Th>
          <Table.Th>{t('roles.column.roles')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {holders.map(({ id, full_name, position, roles, registered }) => (
          <Table.Tr key={id}>
            <Table.Td>
              {grants ? (
                <TextButton aria-label={t('roles.edit-of', { name: full_name })} onClick={() => onOpen(id)}>
                  {full_name}
                </TextButton>
              ) : (
                full_name
              )}
              {position && (
                <Text size="sm" c="dimmed">
                  {position}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              {roles.map((role) => t(`common.role.${role}`)).join(', ')}
              {!registered && (
                <Text size="sm" c="dimmed">
                  {t('roles.unregistered')}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
