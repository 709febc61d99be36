// A student goes to another school: the file for it, how far it is, and taking it back. The leaving is recorded apart.
import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { dateOf, formatDate, formatMoment } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { savePaper } from '~/lib/paper'
import { named, useLanguage } from '~/lib/useLanguage'
import { api, client, type PortalAnswer } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import { Cancel } from '~/ui/Cancel'
import { Confirm } from '~/ui/Confirm'
import { DataState } from '~/ui/DataState'
import { FailureNote } from '~/ui/FailureNote'
import { failureOf, type Failure } from '~/ui/failure'
import { useT } from '~/ui/text'
import type { Person } from './person'

type Transfer = PortalAnswer<'transfer_list'>[number]
type Receiving = PortalAnswer<'transfer_school'>
/** What was done, in words at each drawing. */
type Done = 'transfers.made-done' | 'transfers.fetched' | 'transfers.withdrawn'

const LIST = '/people/{id}/transfers'
const transferList = (id: string) => api.queryOptions('get', LIST, { params: { path: { id } } }, { staleTime: 0 })

const isOpen = ({ state }: Transfer) => state === 'issued' || state === 'accepting'

export function Transfers({ person }: { person: Person }) {
  const t = useT()
  const all = useQuery(transferList(person.id))
  const [making, setMaking] = useState(false)
  const [done, setDone] = useState<Done>()
  const say = (what: Done) => {
    setDone(what)
    setMaking(false)
  }
  return (
    <section aria-label={t('transfers.title')}>
      <Text fw={600}>{t('transfers.title')}</Text>
      <div role="status">{done && <Text>✓ {t(done)}</Text>}</div>
      <DataState query={all}>
        {(transfers) => (
          <Stack gap="xs">
            {transfers.map((one) => (
              <One key={one.id} transfer={one} onDone={say} />
            ))}
            {transfers[0]?.state === 'accepted' && !person.departure && <Text size="sm">{t('transfers.still-here')}</Text>}
            {making ? (
              <Making person={person} onDone={say} onCancel={() => setMaking(false)} />
            ) : (
              !transfers.some(isOpen) && (
                <Group>
                  <Button variant="default" onClick={() => setMaking(true)}>
                    {t('transfers.make')}
                  </Button>
                </Group>
              )
            )}
          </Stack>
        )}
      </DataState>
    </section>
  )
}

async function fetchFile({ id, number }: Transfer) {
  const { data, response } = await client.GET('/transfers/{id}/file', { params: { path: { id } }, parseAs: 'blob' })
  if (data) savePaper(data, response, `transfer-${number}.kundelik`)
}

function One({ transfer, onDone }: { transfer: Transfer; onDone: (done: Done) => void }) {
  const t = useT()
  const { language } = useLanguage()
  const [asked, setAsked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const school = named(transfer, 'to', language)
  const act = async (what: () => Promise<unknown>, done: Done) => {
    setBusy(true)
    setFailure(undefined)
    try {
      await what()
      onDone(done)
    } catch (error) {
      setFailure(failureOf(error))
    } finally {
      setBusy(false)
      setAsked(false)
      await forget(LIST)
    }
  }
  const withdraw = () => client.POST('/transfers/{id}/withdraw', { params: { path: { id: transfer.id } }, body: {} })
  return (
    <div>
      <Text>{t('transfers.to', { school, number: transfer.number })}</Text>
      <Text size="sm">{t(`transfers.state.${transfer.state}`, { date: formatDate(dateOf(transfer.ended_at ?? transfer.expires_at)) })}</Text>
      <Text size="sm" c="dimmed">
        {t('transfers.made', { name: transfer.issued_by, at: formatMoment(transfer.issued_at), guardians: transfer.guardians })}
      </Text>
      {failure && <FailureNote error={failure} />}
      {transfer.state === 'issued' && (
        <Group gap="xs" mt={4}>
          <Button variant="default" loading={busy && !asked} onClick={() => void act(() => fetchFile(transfer), 'transfers.fetched')}>
            {t('transfers.fetch')}
          </Button>
          <Button variant="default" color="red" onClick={() => setAsked(true)}>
            {t('transfers.withdraw')}
          </Button>
        </Group>
      )}
      <Confirm
        opened={asked}
        ends
        title={t('transfers.withdraw')}
        action={t('transfers.withdraw-action')}
        busy={busy}
        onClose={() => setAsked(false)}
        onConfirm={() => void act(withdraw, 'transfers.withdrawn')}
      >
        <Text>{t('transfers.withdraw-help', { school })}</Text>
      </Confirm>
    </div>
  )
}

interface Steps {
  person: Person
  onDone: (done: Done) => void
  onCancel: () => void
}

/** Where to: an address that is typed, and the school's name to be confirmed. Schools are never listed. */
function Making(props: Steps) {
  const t = useT()
  const [school, setSchool] = useState<Receiving>()
  const form = useForm({
    initial: { to: '' },
    labels: { to: t('transfers.school') },
    check: ({ to }) => ({ to: to.trim() ? undefined : t('common.required') }),
  })
  const find = async ({ to }: typeof form.values) => {
    const { data } = await client.GET('/transfers/school', { params: { query: { named: to.trim() } } })
    setSchool(data)
  }
  if (school) return <Choosing school={school} onBack={() => setSchool(undefined)} {...props} />
  return (
    <Form form={form} onSend={find} action={t('transfers.find')} label={t('transfers.make')} aside={<Cancel onClick={props.onCancel} />}>
      <Text>{t('transfers.help')}</Text>
      <TextInput {...form.field('to')} description={t('transfers.school-help')} maxLength={40} autoComplete="off" autoCapitalize="off" />
    </Form>
  )
}

function Choosing({ person, school, onDone, onCancel, onBack }: Steps & { school: Receiving; onBack: () => void }) {
  const t = useT()
  const { language } = useLanguage()
  const guardians = person.guardians ?? []
  const name = named(school, 'name', language)
  const form = useForm({ initial: { guardian_ids: guardians.map(({ id }) => id) }, labels: { guardian_ids: t('transfers.guardians') } })
  const send = async ({ guardian_ids }: typeof form.values) => {
    const { data } = await client.POST(LIST, { params: { path: { id: person.id } }, body: { to: school.slug, guardian_ids } })
    // The file is made: should its download fail, it waits on the card.
    if (data) await fetchFile(data).catch(() => undefined)
    await forget(LIST)
    onDone('transfers.made-done')
  }
  return (
    <Form form={form} onSend={send} action={t('transfers.make-action')} label={t('transfers.make')} guarded={false} aside={<Cancel onClick={onCancel} />}>
      <div role="status">
        <Text fw={600}>{name}</Text>
        <Text size="sm">{[school.city, school.slug].join(' · ')}</Text>
      </div>
      <Group>
        <Button variant="subtle" size="compact-sm" onClick={onBack}>
          {t('transfers.other-school')}
        </Button>
      </Group>
      {guardians.length > 0 && (
        <Checkbox.Group
          id={form.id('guardian_ids')}
          label={form.labels.guardian_ids}
          description={t('transfers.guardians-help')}
          error={form.errors.guardian_ids}
          value={form.values.guardian_ids}
          onChange={(ids) => form.set('guardian_ids', ids)}
        >
          <Stack gap="xs" mt={4}>
            {guardians.map(({ id, full_name, relation }) => (
              <Checkbox key={id} value={id} label={`${full_name}, ${t(`people.relation.${relation}`)}`} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <Text size="sm">{t('transfers.what-goes')}</Text>
    </Form>
  )
}
