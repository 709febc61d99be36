// A person's lost password: a card with a temporary one, or no way in at all until another is given.
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { currentLanguage } from '~/lib/language'
import { savePaper } from '~/lib/paper'
import { client } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { FailureNote } from '~/ui/FailureNote'
import { failureOf, type Failure } from '~/ui/failure'
import { useT } from '~/ui/text'
import type { Person } from './person'

type Act = 'reset' | 'void'

export function Reset({ person }: { person: Person }) {
  const t = useT()
  const [asked, setAsked] = useState<Act>()
  const [said, setSaid] = useState<string>()
  return (
    <Stack gap="xs">
      <div role="status">{said && <Text>✓ {said}</Text>}</div>
      <Group gap="xs">
        <Button variant="default" onClick={() => setAsked('reset')}>
          {t('people.reset')}
        </Button>
        <Button variant="default" color="red" onClick={() => setAsked('void')}>
          {t('people.void')}
        </Button>
      </Group>
      {asked && (
        <Confirm
          act={asked}
          person={person}
          onClose={() => setAsked(undefined)}
          onDone={() => {
            setSaid(t(asked === 'reset' ? 'people.reset-done' : 'people.void-done'))
            setAsked(undefined)
          }}
        />
      )}
    </Stack>
  )
}

function Confirm({ act, person, onClose, onDone }: { act: Act; person: Person; onClose: () => void; onDone: () => void }) {
  const t = useT()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const params = { path: { id: person.id } }
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
    <Modal opened onClose={onClose} title={t(`people.${act}`)} closeButtonProps={{ 'aria-label': t('ui.close') }}>
      <Stack>
        {failure && <FailureNote error={failure} />}
        <Text fw={600}>{person.full_name}</Text>
        <Text>{t(`people.${act}-help`)}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button color={act === 'void' ? 'red' : undefined} loading={busy} onClick={() => void send()}>
            {t(`people.${act}-action`)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
