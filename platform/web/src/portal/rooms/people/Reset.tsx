// A person's lost password: a card with a temporary one, or no way in at all until another is given.
import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { currentLanguage } from '~/lib/language'
import { savePaper } from '~/lib/paper'
import { client } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { Confirm } from '~/ui/Confirm'
import { failureOf, type Failure } from '~/ui/failure'
import { useT } from '~/ui/text'
import type { Person } from './person'

const ACTS = ['reset', 'void'] as const
type Act = (typeof ACTS)[number]

export function Reset({ person }: { person: Person }) {
  const t = useT()
  const [asked, setAsked] = useState<Act>()
  const [done, setDone] = useState<Act>()
  return (
    <Stack gap="xs">
      <div role="status">{done && <Text>✓ {t(`people.${done}-done`)}</Text>}</div>
      <Group gap="xs">
        <Button variant="default" onClick={() => setAsked('reset')}>
          {t('people.reset')}
        </Button>
        <Button variant="default" color="red" onClick={() => setAsked('void')}>
          {t('people.void')}
        </Button>
      </Group>
      {ACTS.map((act) => (
        <Question
          key={act}
          act={act}
          opened={asked === act}
          person={person}
          onClose={() => setAsked(undefined)}
          onDone={() => {
            setDone(act)
            setAsked(undefined)
          }}
        />
      ))}
    </Stack>
  )
}

interface Props {
  act: Act
  opened: boolean
  person: Person
  onClose: () => void
  onDone: () => void
}

function Question({ act, opened, person, onClose, onDone }: Props) {
  const t = useT()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const params = { path: { id: person.id } }
  const close = () => {
    setFailure(undefined)
    onClose()
  }
  const send = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      if (act === 'reset') {
        const language = currentLanguage() === 'ru' ? 'ru' : 'kk'
        const { data, response } = await client.POST('/people/{id}/password-reset', { params, body: { language }, parseAs: 'blob' })
        if (data) savePaper(data, response, `kundelik-${person.id}.pdf`)
      } else {
        await client.POST('/people/{id}/password-void', { params })
      }
      await forget('/people/{id}')
      onDone()
    } catch (error) {
      setFailure(failureOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Confirm
      opened={opened}
      ends={act === 'void'}
      title={t(`people.${act}`)}
      action={t(`people.${act}-action`)}
      busy={busy}
      error={failure}
      onClose={close}
      onConfirm={() => void send()}
    >
      <Text fw={600}>{person.full_name}</Text>
      <Text>{t(`people.${act}-help`)}</Text>
    </Confirm>
  )
}
