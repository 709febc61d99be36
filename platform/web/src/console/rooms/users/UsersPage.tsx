// Users by their login: kept out for a time or until it is lifted, and let in again. Nothing of the person stands here.
import { Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '~/console/api'
import rows from '~/console/Rows.module.css'
import { formatMoment } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { restrictionList, type User } from './queries'
import { Release, Restrict } from './Restriction'

export function UsersPage() {
  const t = useT()
  const [user, setUser] = useState<User>()
  const restricted = useQuery(restrictionList())
  return (
    <Stack gap="xl" maw="60rem">
      <div>
        <PageHead title={t('console.nav.users')} lead={t('console-users.lead')} />
        <Find onFound={setUser} />
        {user && <Found key={`${user.id} ${user.restriction?.id ?? ''}`} user={user} onChange={setUser} />}
      </div>
      <section aria-labelledby="restricted">
        <Title order={2} id="restricted" mb="xs">
          {t('console-users.restricted')}
        </Title>
        <DataState query={restricted} isEmpty={(all) => all.length === 0} empty={<EmptyState title={t('console-users.none')} help={t('console-users.none-help')} />}>
          {(all) => <Restricted users={all} onChange={setUser} />}
        </DataState>
      </section>
    </Stack>
  )
}

function Find({ onFound }: { onFound: (user: User | undefined) => void }) {
  const t = useT()
  const form = useForm({
    initial: { login: '' },
    labels: { login: t('common.login') },
    check: ({ login }) => ({ login: login.trim() ? undefined : t('common.required') }),
  })
  const send = async ({ login }: { login: string }) => {
    onFound(undefined)
    const { data } = await client.POST('/users/search', { body: { login: login.trim() } })
    onFound(data)
  }
  return (
    <Form form={form} action={t('console-users.find')} onSend={send} guarded={false}>
      <TextInput {...form.field('login')} description={t('console-users.login-help')} autoCapitalize="none" spellCheck={false} required maw="26rem" />
    </Form>
  )
}

function Found({ user, onChange }: { user: User; onChange: (user: User) => void }) {
  const t = useT()
  return (
    <section aria-label={user.login}>
      <Title order={2} mt="lg" mb="xs">
        {user.login}
      </Title>
      <Text mb="sm">{t('console-users.schools', { count: user.schools })}</Text>
      {user.restriction ? <Release user={user} onDone={onChange} /> : <Restrict user={user} onDone={onChange} />}
    </section>
  )
}

function Restricted({ users, onChange }: { users: User[]; onChange: (user: User) => void }) {
  const t = useT()
  return (
    <Table className={rows.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('common.login')}</Table.Th>
          <Table.Th scope="col">{t('console-users.nature')}</Table.Th>
          <Table.Th scope="col">{t('console-users.since')}</Table.Th>
          <Table.Th scope="col">{t('console-users.until')}</Table.Th>
          <Table.Th scope="col">{t('console-users.release')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users.map(
          (user) =>
            user.restriction && (
              <Table.Tr key={user.id}>
                <Table.Td>{user.login}</Table.Td>
                <Table.Td data-label={t('console-users.nature')}>{t(`console-users.nature.${user.restriction.nature}`)}</Table.Td>
                <Table.Td data-label={t('console-users.since')}>{formatMoment(user.restriction.imposed_at)}</Table.Td>
                <Table.Td data-label={t('console-users.until')}>
                  {user.restriction.until ? formatMoment(user.restriction.until) : t('console-users.until-lifted')}
                </Table.Td>
                <Table.Td>
                  <Release user={user} onDone={onChange} />
                </Table.Td>
              </Table.Tr>
            ),
        )}
      </Table.Tbody>
    </Table>
  )
}
