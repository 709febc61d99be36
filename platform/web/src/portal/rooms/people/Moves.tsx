// What happens to a person's place in the school, each from a day on: leaving, coming back, another class.
import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatDate, parseDate } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { may } from '~/lib/may'
import { client } from '~/portal/api'
import { classList, forget } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { Cancel } from '~/ui/Cancel'
import { Needed } from '~/ui/Needed'
import { useT } from '~/ui/text'
import type { Person } from './person'

type Act = 'leave' | 'return' | 'move'

const changed = () => forget('/people/search', '/people/{id}', '/classes', '/credentials/board')

export function Moves({ person }: { person: Person }) {
  const t = useT()
  const me = useMe()
  const [act, setAct] = useState<Act>()
  // Who is left alone where somebody has left; put into words at each drawing.
  const [left, setLeft] = useState<{ alone: string }>()
  const archived = person.departure !== undefined
  const acts: Act[] = [
    ...(may(me, 'person.leave') ? [archived ? ('return' as const) : ('leave' as const)] : []),
    ...(may(me, 'person.edit') && person.kind === 'student' && !archived ? ['move' as const] : []),
  ]
  const done = (alone?: string) => {
    setLeft(alone === undefined ? undefined : { alone })
    setAct(undefined)
  }
  const said = left && [t('people.left-done'), left.alone && t('people.left-alone', { names: left.alone })].filter(Boolean).join('. ')
  const close = () => setAct(undefined)
  return (
    <Stack gap="xs">
      {person.departure && (
        <Text>{t('people.archived', { date: formatDate(person.departure.left_on), reason: t(`people.reason.${person.departure.reason}`) })}</Text>
      )}
      <Memberships person={person} />
      <div role="status">{said && <Text>✓ {said}</Text>}</div>
      {act === undefined && acts.length > 0 && (
        <Group gap="xs">
          {acts.map((one) => (
            <Button key={one} variant="default" onClick={() => setAct(one)}>
              {t(`people.${one}`)}
            </Button>
          ))}
        </Group>
      )}
      {act === 'leave' && <LeaveForm person={person} onDone={done} onCancel={close} />}
      {act === 'return' && <PlaceForm act="return" person={person} onDone={() => done()} onCancel={close} />}
      {act === 'move' && <PlaceForm act="move" person={person} onDone={() => done()} onCancel={close} />}
    </Stack>
  )
}

function Memberships({ person }: { person: Person }) {
  const t = useT()
  if (!person.memberships || person.memberships.length === 0) return null
  return (
    <section aria-label={t('people.memberships')}>
      <Text fw={600}>{t('people.memberships')}</Text>
      <ul>
        {person.memberships.map(({ class_name, joined, left_on, order_no }) => (
          <li key={`${class_name} ${joined}`}>
            {left_on
              ? t('people.membership-span', { class: class_name, from: formatDate(joined), to: formatDate(left_on) })
              : t('people.membership-since', { class: class_name, from: formatDate(joined) })}
            {order_no && `. ${t('people.order-no')}: ${order_no}`}
          </li>
        ))}
      </ul>
    </section>
  )
}

const REASONS = ['moved', 'graduated', 'other'] as const

function LeaveForm({ person, onDone, onCancel }: { person: Person; onDone: (alone: string) => void; onCancel: () => void }) {
  const t = useT()
  const me = useMe()
  const form = useForm({
    initial: { left_on: formatDate(me.today), reason: 'moved', order_no: '' },
    labels: { left_on: t('people.left-on'), reason: t('people.reason'), order_no: t('people.order-no') },
    check: ({ left_on }) => ({ left_on: parseDate(left_on) ? undefined : t('portal.date-wrong') }),
  })
  const send = async ({ left_on, reason, order_no }: typeof form.values) => {
    const { data } = await client.POST('/people/{id}/departure', {
      params: { path: { id: person.id } },
      body: {
        version: person.version,
        left_on: parseDate(left_on) ?? left_on,
        reason: reason as (typeof REASONS)[number],
        ...(order_no.trim() && { order_no: order_no.trim() }),
      },
    })
    await changed()
    onDone(data?.guardians.map(({ full_name }) => full_name).join(', ') ?? '')
  }
  return (
    <Form form={form} onSend={send} action={t('people.leave')} label={t('people.leave')} aside={<Cancel onClick={onCancel} />}>
      <Text>{t('people.leave-help')}</Text>
      <TextInput {...form.field('left_on')} description={t('portal.date-help')} inputMode="numeric" maxLength={10} autoComplete="off" />
      <NativeSelect {...form.field('reason')} data={REASONS.map((value) => ({ value, label: t(`people.reason.${value}`) }))} />
      <TextInput {...form.field('order_no')} description={t('ui.optional')} maxLength={50} autoComplete="off" />
    </Form>
  )
}

function PlaceForm({ act, person, onDone, onCancel }: { act: 'return' | 'move'; person: Person; onDone: () => void; onCancel: () => void }) {
  const t = useT()
  const me = useMe()
  const student = person.kind === 'student'
  const classes = useQuery({ ...classList(), enabled: student })
  const form = useForm({
    initial: { on: formatDate(me.today), class_id: '' },
    labels: { on: t(act === 'return' ? 'people.returned-on' : 'people.move-from'), class_id: t('common.class') },
    check: ({ on, class_id }) => ({
      on: parseDate(on) ? undefined : t('portal.date-wrong'),
      class_id: act === 'move' && !class_id ? t('common.required') : undefined,
    }),
  })
  const send = async ({ on, class_id }: typeof form.values) => {
    const params = { path: { id: person.id } }
    const day = parseDate(on) ?? on
    if (act === 'return') {
      await client.POST('/people/{id}/return', { params, body: { version: person.version, returned_on: day, ...(class_id && { class_id }) } })
    } else {
      await client.POST('/people/{id}/class', { params, body: { version: person.version, class_id, enrolled_on: day } })
    }
    await changed()
    onDone()
  }
  return (
    <Form form={form} onSend={send} action={t(`people.${act}`)} label={t(`people.${act}`)} aside={<Cancel onClick={onCancel} />}>
      {act === 'move' && <Text>{t('people.move-help')}</Text>}
      {student && <Needed of={[classes]} />}
      {student && (
        <NativeSelect
          {...form.field('class_id')}
          data={[{ value: '', label: t('portal.choose') }, ...(classes.data ?? []).filter(({ id }) => id !== person.class_id).map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
      <TextInput {...form.field('on')} description={t('portal.date-help')} inputMode="numeric" maxLength={10} autoComplete="off" />
    </Form>
  )
}
