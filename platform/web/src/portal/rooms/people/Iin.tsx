// A person's ИИН on the card: its last digits, and all of them for who asks.
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { may } from '~/lib/may'
import { client } from '~/portal/api'
import { useMe } from '~/portal/me'
import { FailureNote } from '~/ui/FailureNote'
import { failureOf, type Failure } from '~/ui/failure'
import { useT } from '~/ui/text'
import type { Person } from './person'

export function Iin({ person }: { person: Person }) {
  const t = useT()
  const me = useMe()
  const [shown, setShown] = useState<string>()
  const [failure, setFailure] = useState<Failure>()
  if (!person.iin_end) return null
  const show = async () => {
    setFailure(undefined)
    try {
      const { data } = await client.GET('/people/{id}/iin', { params: { path: { id: person.id } } })
      setShown(data?.iin)
    } catch (error) {
      setFailure(failureOf(error))
    }
  }
  return (
    <section aria-label={t('people.iin')}>
      <Text fw={600}>{t('people.iin')}</Text>
      {failure && <FailureNote error={failure} />}
      <Group gap="xs">
        <Text role="status">{shown ?? `•••• •••• ${person.iin_end}`}</Text>
        {!shown && may(me, 'person.iin') && (
          <Button variant="default" size="xs" onClick={() => void show()}>
            {t('people.iin-show')}
          </Button>
        )}
      </Group>
      {!shown && may(me, 'person.iin') && <Text c="dimmed">{t('people.iin-show-help')}</Text>}
      {person.iin_differs && <Text>⚠ {t('people.iin-differs')}</Text>}
    </section>
  )
}
