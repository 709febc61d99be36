// Who has not registered yet, class by class: where each credential stands and since when, its history, the way to take it back.
import { Button, NativeSelect, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { formatMoment } from '~/lib/dates'
import { may } from '~/lib/may'
import { client } from '~/portal/api'
import { classList } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { ConfirmTyped } from '~/ui/ConfirmTyped'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { FailureNote } from '~/ui/FailureNote'
import { FieldRow } from '~/ui/FieldRow'
import { Needed } from '~/ui/Needed'
import { useT } from '~/ui/text'
import styles from './credentials.module.css'
import { forgetAll, history, waiting, writeLetters, type WaitingRow } from './queries'

/** The address says `none` for those who are in no class. */
const NONE = 'none'
const HELD: readonly WaitingRow['credential'][] = ['issued', 'printed', 'mailed', 'handed_over']

export function Waiting() {
  const t = useT()
  const me = useMe()
  const navigate = useNavigate({ from: paths.credentials })
  const search = useSearch({ from: paths.credentials })
  const [state, setState] = useState('')
  const classes = useQuery(classList())
  const all = may(me, 'sheet.issue')
  const own = (classes.data ?? []).filter((one) => all || one.homeroom_id === me.profile_id)
  const chosen = search.class ?? (all ? undefined : own[0]?.id)
  const rows = useQuery({ ...waiting(chosen === NONE ? undefined : chosen), enabled: chosen !== undefined })
  const states = [...new Set((rows.data ?? []).map(({ credential }) => credential))]
  const data = [
    ...(all ? [{ value: '', label: '—' }, { value: NONE, label: t('credentials.waiting-none') }] : []),
    ...own.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <section aria-labelledby="waiting-title">
      <Title order={2} id="waiting-title" mb="xs">
        {t('credentials.waiting')}
      </Title>
      {!all && <Needed of={[classes]} />}
      <FieldRow>
        <NativeSelect
          label={t('credentials.waiting-class')}
          value={chosen ?? ''}
          data={data}
          onChange={({ currentTarget: { value } }) => void navigate({ search: { class: value || undefined }, replace: true })}
        />
        <NativeSelect
          label={t('credentials.waiting-state')}
          value={state}
          data={[{ value: '', label: t('credentials.waiting-state-all') }, ...states.map((value) => ({ value, label: t(`people.credential.${value}`) }))]}
          onChange={({ currentTarget: { value } }) => setState(value)}
        />
      </FieldRow>
      {chosen === undefined ? (
        (all || classes.data) && <Text c="dimmed">{t(all ? 'credentials.waiting-choose' : 'credentials.waiting-no-class')}</Text>
      ) : (
        <DataState query={rows} isEmpty={(found) => found.length === 0} empty={<EmptyState title={t('credentials.waiting-empty')} />}>
          {(found) => (
            <ul className={styles.rows}>
              {found
                .filter(({ credential }) => !state || !states.some((one) => one === state) || credential === state)
                .map((row) => (
                  <Person key={row.id} row={row} />
                ))}
            </ul>
          )}
        </DataState>
      )}
    </section>
  )
}

function Person({ row }: { row: WaitingRow }) {
  const t = useT()
  const me = useMe()
  const [told, setTold] = useState(false)
  const [asked, setAsked] = useState(false)
  const writing = useMutation({ mutationFn: () => writeLetters({ profile_ids: [row.id], who: 'all', language: 'both' }) })
  const taking = useMutation({
    mutationFn: () => client.POST('/people/{id}/credential/void', { params: { path: { id: row.id } }, body: {} }),
    onSuccess: forgetAll,
    onSettled: () => setAsked(false),
  })
  return (
    <li>
      <div className={styles.what}>
        <Text fw={600}>{row.full_name}</Text>
        <Text size="sm">
          {t(`people.kind.${row.kind}`)} · {t('credentials.since', { state: t(`people.credential.${row.credential}`), days: row.days })}
          {row.letter && ` · ${t(`credentials.letter.${row.letter}`)}`}
        </Text>
        {told && <History id={row.id} />}
        {(writing.error ?? taking.error) && <FailureNote error={writing.error ?? taking.error} />}
      </div>
      <div className={styles.acts}>
        <Button variant="default" size="xs" aria-expanded={told} onClick={() => setTold(!told)}>
          {told ? t('credentials.history-hide') : t('credentials.history')}
        </Button>
        {row.letter === 'dead' && (
          <Button variant="default" size="xs" renderRoot={(props) => <Link {...props} to={paths.people} search={{ kind: row.kind, person: row.id }} />}>
            {t('credentials.card')}
          </Button>
        )}
        {row.email && row.letter && may(me, 'credential.mail') && (
          <Button variant="default" size="xs" loading={writing.isPending} onClick={() => writing.mutate()}>
            {t('credentials.letter-again')}
          </Button>
        )}
        {HELD.includes(row.credential) && may(me, 'credential.void') && (
          <Button variant="default" size="xs" color="red" onClick={() => setAsked(true)} aria-label={`${t('credentials.void')}: ${row.full_name}`}>
            {t('credentials.void')}
          </Button>
        )}
      </div>
      <ConfirmTyped
        opened={asked}
        onClose={() => setAsked(false)}
        onConfirm={() => taking.mutate()}
        title={t('credentials.void-title')}
        name={row.full_name.split(' ')[0] ?? row.full_name}
        action={t('credentials.void')}
        busy={taking.isPending}
      >
        {t('credentials.void-help', { name: row.full_name })}
      </ConfirmTyped>
    </li>
  )
}

function History({ id }: { id: string }) {
  const t = useT()
  const read = useQuery(history(id))
  return (
    <DataState query={read} isEmpty={({ events }) => events.length === 0} empty={<Text size="sm">{t('credentials.history-empty')}</Text>}>
      {({ events }) => (
        <ul className={styles.steps}>
          {events.map((event) => (
            <li key={`${event.at} ${event.after}`}>
              {formatMoment(event.at)}: {t(`people.credential.${event.after}`)}
              {event.by && ` (${event.by})`}
            </li>
          ))}
        </ul>
      )}
    </DataState>
  )
}
