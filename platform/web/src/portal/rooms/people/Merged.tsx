// What was made one with a person, and the way back; on the profile that was given up, the way to the kept one.
import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { formatMoment } from '~/lib/dates'
import { client } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { paths } from '~/portal/paths'
import { FailureNote } from '~/ui/FailureNote'
import { failureOf, type Failure } from '~/ui/failure'
import { useT } from '~/ui/text'
import type { Person } from './person'

export function Merged({ person }: { person: Person }) {
  const t = useT()
  const [busy, setBusy] = useState<string>()
  const [failure, setFailure] = useState<Failure>()
  const undo = async (id: string) => {
    setBusy(id)
    setFailure(undefined)
    try {
      await client.POST('/merges/{id}/undo', { params: { path: { id } }, body: { version: person.version } })
      await forget('/duplicates', '/people/search', '/people/{id}', '/classes', '/credentials/board')
    } catch (error) {
      setFailure(failureOf(error))
    } finally {
      setBusy(undefined)
    }
  }
  if (person.merged_into) {
    const kept = person.merged_into
    return (
      <Text>
        {t('people.merged-into')}{' '}
        <Anchor inherit renderRoot={(props) => <Link to={paths.people} search={{ kind: person.kind, person: kept }} {...props} />}>
          {t('people.merged-into-card')}
        </Anchor>
      </Text>
    )
  }
  if (!person.merged) return null
  return (
    <Stack gap="xs" component="section" aria-label={t('people.merged')}>
      <Text fw={600}>{t('people.merged')}</Text>
      {failure && <FailureNote error={failure} />}
      {person.merged.map(({ id, full_name, merged_at, merged_by }) => (
        <Group key={id} gap="xs">
          <Text>{[full_name, formatMoment(merged_at), merged_by].filter(Boolean).join(', ')}</Text>
          <Button variant="default" size="xs" loading={busy === id} aria-label={t('people.merge-undo-of', { name: full_name })} onClick={() => void undo(id)}>
            {t('people.merge-undo')}
          </Button>
        </Group>
      ))}
    </Stack>
  )
}
