// A person's card in a drawer: what is kept of them, who belongs to whom; with the right to, a form in its place.
import { Alert, Anchor, Button, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { formatDate, formatMoment } from '~/lib/dates'
import { may } from '~/lib/may'
import { api } from '~/portal/api'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { DataState } from '~/ui/DataState'
import { Facts, type Fact } from '~/ui/Facts'
import { useT } from '~/ui/text'
import { Iin } from './Iin'
import { Looks } from './Looks'
import { Merged } from './Merged'
import { Moves } from './Moves'
import type { Person } from './person'
import { PersonForm } from './PersonForm'
import { Reset } from './Reset'
import { Subjects } from './Subjects'
import { Transfers } from './Transfers'

export const personRead = (id: string) => api.queryOptions('get', '/people/{id}', { params: { path: { id } } }, { staleTime: 0 })

export function PersonCard({ id }: { id: string }) {
  const t = useT()
  const me = useMe()
  const person = useQuery(personRead(id))
  const [editing, setEditing] = useState(false)
  return (
    <DataState query={person}>
      {(shown) =>
        editing ? (
          <PersonForm kind={shown.kind} person={shown} onDone={() => setEditing(false)} onCancel={() => setEditing(false)} />
        ) : (
          <Stack>
            <KeptOut person={shown} />
            <Details person={shown} />
            <Iin person={shown} />
            {shown.kind === 'staff' && may(me, 'class.see') && <Subjects teacher={shown.id} />}
            <Merged person={shown} />
            {!shown.merged_into && <Moves person={shown} />}
            {shown.kind === 'student' && may(me, 'transfer.send') && !shown.merged_into && <Transfers person={shown} />}
            {may(me, 'password.reset') && shown.registered && <Reset person={shown} />}
            {may(me, 'person.edit') && !shown.merged_into && (
              <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => setEditing(true)}>
                {t('people.edit')}
              </Button>
            )}
            {shown.kind === 'student' && may(me, 'audit.see') && <Looks student={shown.id} />}
          </Stack>
        )
      }
    </DataState>
  )
}

/** The provider keeps this person out: the school is told why (agreement), and goes on entering data. */
function KeptOut({ person }: { person: Person }) {
  const t = useT()
  if (!person.restriction) return null
  const { nature, until } = person.restriction
  return (
    <Alert color="yellow" variant="light" title={t('people.restriction')}>
      {t('people.restriction-line', {
        nature: t(`people.nature.${nature}`),
        until: until ? formatMoment(until) : t('people.restriction-until-lifted'),
      })}
    </Alert>
  )
}

function Details({ person }: { person: Person }) {
  const t = useT()
  const facts: Fact[] = [
    [t('people.roles'), person.roles.map((role) => t(`common.role.${role}`)).join(', ')],
    [t('people.position'), person.position],
    [t('common.class'), person.class_name],
    [t('common.birth-date'), person.birth_date && formatDate(person.birth_date)],
    [t('common.sex'), t(`common.sex.${person.sex}`)],
    [t('common.phone'), person.phone],
    [t('common.email'), person.email],
    [t('common.address'), person.address],
    [t('people.column.credential'), t(`people.credential.${person.credential}`)],
    [t('people.registered'), t(person.registered ? 'ui.yes' : 'ui.no')],
  ]
  return (
    <>
      <Title order={3}>{person.full_name}</Title>
      <Facts look="below" facts={facts} />
      <Links title={t('people.children')} kind="student" people={person.children} />
      <Links title={t('people.guardians')} kind="guardian" people={person.guardians} />
    </>
  )
}

function Links({ title, kind, people }: { title: string; kind: 'student' | 'guardian'; people: Person['children'] }) {
  const t = useT()
  if (!people || people.length === 0) return null
  return (
    <section aria-label={title}>
      <Text fw={600}>{title}</Text>
      <ul>
        {people.map((one) => (
          <li key={one.id}>
            <Anchor inherit renderRoot={(props) => <Link to={paths.people} search={{ kind, person: one.id }} {...props} />}>
              {one.full_name}
            </Anchor>
            , {t(`people.relation.${one.relation}`)}
            {one.class_name ? `, ${one.class_name}` : ''}
          </li>
        ))}
      </ul>
    </section>
  )
}
