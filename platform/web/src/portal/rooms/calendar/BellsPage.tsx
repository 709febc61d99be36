// Bells by shift: the school's own, or the usual ones to begin with. Warnings of the sanitary rules are shown, nothing is refused for them.
import { Alert, Button, Group, List, Table, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { may } from '~/lib/may'
import { api, client, type PortalAnswer } from '~/portal/api'
import { calendarRead, forget } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { PageHead } from '~/ui/PageHead'
import { SavedTick } from '~/ui/SavedTick'
import { useT } from '~/ui/text'

type Bell = PortalAnswer<'bells_defaults'>['bells'][number]
type Warning = PortalAnswer<'bells_put'>['warnings'][number]

const bellsDefaults = () => api.queryOptions('get', '/calendar/bells/defaults', {}, { staleTime: Infinity })
const TIME = /^([01]?\d|2[0-3]):[0-5]\d$/

export function BellsPage() {
  const t = useT()
  const me = useMe()
  const edits = may(me, 'calendar.edit')
  const calendar = useQuery(calendarRead())
  const none = calendar.data?.bells.length === 0
  const proposed = useQuery({ ...bellsDefaults(), enabled: edits && none })
  return (
    <>
      <PageHead title={t('calendar.bells.title')} />
      <DataState query={calendar}>
        {({ bells }) => {
          if (!edits) return bells.length === 0 ? <EmptyState title={t('calendar.bells.none')} help={t('calendar.none-help')} /> : <BellTables bells={bells} />
          if (bells.length > 0) return <BellsForm bells={bells} />
          return <DataState query={proposed}>{(usual) => <BellsForm bells={usual.bells} lead={t('calendar.bells.proposed')} />}</DataState>
        }}
      </DataState>
    </>
  )
}

function BellsForm({ bells, lead }: { bells: Bell[]; lead?: string }) {
  const t = useT()
  const [warnings, setWarnings] = useState<Warning[]>([])
  const [saved, setSaved] = useState(false)
  const form = useForm({
    initial: { bells: bells.map(({ shift, number, begins, ends }) => ({ shift, number, begins, ends })) },
    labels: { bells: t('calendar.bells.field') },
    check: (values) => {
      const wrong = values.bells.find(({ begins, ends }) => !TIME.test(begins) || !TIME.test(ends))
      return { bells: wrong && t('calendar.bells.wrong', { shift: wrong.shift, number: wrong.number }) }
    },
  })
  const change = (next: Bell[]) => {
    setSaved(false)
    form.set('bells', next)
  }
  const send = async () => {
    const two = (time: string) => time.padStart(5, '0')
    const { data } = await client.PUT('/calendar/bells', { body: { bells: form.values.bells.map((bell) => ({ ...bell, begins: two(bell.begins), ends: two(bell.ends) })) } })
    setWarnings(data?.warnings ?? [])
    setSaved(true)
    // The form stays as it is: the answer is what it holds.
    await forget('/lessons')
  }
  const shifts = [...new Set(form.values.bells.map(({ shift }) => shift))].sort()
  const next = Math.max(0, ...shifts) + 1
  return (
    <>
      {lead && !saved && <Text mb="md">{lead}</Text>}
      <Form form={form} onSend={send} action={t('calendar.bells.save')} label={t('calendar.bells.title')} aside={<SavedTick state={saved ? 'saved' : 'idle'} />}>
        {shifts.map((shift) => (
          <ShiftFields key={shift} shift={shift} bells={form.values.bells} onChange={change} firstId={shift === shifts[0] ? form.id('bells') : undefined} />
        ))}
        {next <= 3 && (
          <Group>
            <Button variant="default" onClick={() => change([...form.values.bells, { shift: next, number: 1, begins: '', ends: '' }])}>
              {t('calendar.bells.add-shift', { shift: next })}
            </Button>
          </Group>
        )}
      </Form>
      <div role="status">
        {warnings.length > 0 && (
          <Alert mt="md" color="yellow" variant="outline" title={t('calendar.bells.warnings')}>
            <List>
              {warnings.map((warning, at) => (
                <List.Item key={`${warning.code} ${at}`}>{warning.title}</List.Item>
              ))}
            </List>
          </Alert>
        )}
      </div>
    </>
  )
}

interface ShiftProps {
  shift: number
  bells: Bell[]
  onChange: (bells: Bell[]) => void
  firstId: string | undefined
}

function ShiftFields({ shift, bells, onChange, firstId }: ShiftProps) {
  const t = useT()
  const own = bells.filter((bell) => bell.shift === shift)
  const last = own.at(-1)
  const edit = (bell: Bell, part: Partial<Bell>) => onChange(bells.map((one) => (one === bell ? { ...one, ...part } : one)))
  return (
    <section aria-label={t('calendar.bells.shift', { shift })}>
      <Title order={2} mb="xs">
        {t('calendar.bells.shift', { shift })}
      </Title>
      <Table maw="30rem">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('calendar.bells.number')}</Table.Th>
            <Table.Th>{t('calendar.bells.begins')}</Table.Th>
            <Table.Th>{t('calendar.bells.ends')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {own.map((bell, at) => (
            <Table.Tr key={bell.number}>
              <Table.Td>{bell.number}</Table.Td>
              {(['begins', 'ends'] as const).map((part) => (
                <Table.Td key={part}>
                  <TextInput
                    id={at === 0 && part === 'begins' ? firstId : undefined}
                    aria-label={t(`calendar.bells.${part}-of`, { shift, number: bell.number })}
                    value={bell[part]}
                    maxLength={5}
                    placeholder="08:00"
                    error={bell[part] !== '' && !TIME.test(bell[part])}
                    onChange={(event) => edit(bell, { [part]: event.currentTarget.value })}
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group gap="xs" mt="xs">
        <Button variant="default" onClick={() => onChange([...bells, { shift, number: (last?.number ?? 0) + 1, begins: '', ends: '' }])}>
          {t('calendar.bells.add', { shift })}
        </Button>
        {last && (
          <Button variant="subtle" onClick={() => onChange(bells.filter((bell) => bell !== last))}>
            {t('calendar.bells.remove', { shift })}
          </Button>
        )}
      </Group>
    </section>
  )
}

function BellTables({ bells }: { bells: Bell[] }) {
  const t = useT()
  return [...new Set(bells.map(({ shift }) => shift))].map((shift) => (
    <section key={shift} aria-label={t('calendar.bells.shift', { shift })}>
      <Title order={2}>{t('calendar.bells.shift', { shift })}</Title>
      <List>
        {bells
          .filter((bell) => bell.shift === shift)
          .map((bell) => (
            <List.Item key={bell.number}>
              {t('calendar.bells.number')} {bell.number}: {bell.begins}–{bell.ends}
            </List.Item>
          ))}
      </List>
    </section>
  ))
}
