// One school: its state, its agreement, the making of its service step by step, and what happened.
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { paths } from '~/console/paths'
import { StateBadge } from '~/console/StateBadge'
import { Timeline } from '~/console/Timeline'
import { formatDate, formatMoment } from '~/lib/dates'
import { formatDecimal } from '~/lib/numbers'
import { named, useLanguage } from '~/lib/useLanguage'
import { ConfirmTyped } from '~/ui/ConfirmTyped'
import { DataState } from '~/ui/DataState'
import { Facts } from '~/ui/Facts'
import { FailureNote } from '~/ui/FailureNote'
import { PageHead } from '~/ui/PageHead'
import { StatusSteps, type StatusStep } from '~/ui/StatusSteps'
import { useT } from '~/ui/text'
import { schoolRead, useRetry, useRollBack, type School } from './queries'

export function SchoolPage() {
  const { id } = useParams({ from: paths.school })
  const school = useQuery(schoolRead(id))
  return <DataState query={school}>{(card) => <Card key={card.id} card={card} />}</DataState>
}

function Card({ card }: { card: School }) {
  const t = useT()
  const { language } = useLanguage()
  const agreement = card.agreement
  return (
    <Stack gap="xl" maw="60rem">
      <div>
        <PageHead title={named(card, 'name', language)} lead={<StateBadge state={card.state} />} />
        <Facts
          facts={[
            [t('console.name-kk'), card.name_kk],
            [t('console.name-ru'), card.name_ru],
            [t('console.bin'), card.bin],
            [t('console-schools.slug'), card.slug],
            [t('console-schools.cell'), card.cell],
            [t('console-schools.created'), formatMoment(card.created_at)],
            [
              t('console-schools.agreement'),
              agreement
                ? t('console-schools.agreement-line', {
                    number: agreement.number,
                    date: formatDate(agreement.date),
                    state: t(`console-schools.agreement.${agreement.state}`),
                  })
                : t('console-schools.agreement-none'),
            ],
          ]}
        />
      </div>
      <section aria-labelledby="service">
        <Title order={2} id="service" mb="xs">
          {t('console-schools.service')}
        </Title>
        <Service card={card} />
      </section>
      <section aria-labelledby="events">
        <Title order={2} id="events" mb="xs">
          {t('console.events')}
        </Title>
        <Timeline label={t('console.events')} events={card.events} />
      </section>
    </Stack>
  )
}

function Service({ card }: { card: School }) {
  const t = useT()
  const { language } = useLanguage()
  const { service } = card
  const steps = service.steps.map((step): StatusStep => {
    const seconds = step.took_ms === undefined ? undefined : formatDecimal((step.took_ms / 1000).toFixed(1), language)
    const notes = [
      seconds && t('console-schools.took', { seconds }),
      step.attempts > 1 && t('console.attempts', { count: step.attempts }),
      step.error && t('console-schools.error', { code: step.error }),
    ]
    return { key: step.name, label: t(`common.provisioning.${step.name}`), state: step.state, note: notes.filter(Boolean).join(' · ') || undefined }
  })
  return (
    <Stack>
      <Text>
        {t(`console-schools.service.${service.state}`)}
        {service.attempt > 1 && ` · ${t('console.attempts', { count: service.attempt })}`}
        {service.next_try_at && ` · ${t('console-schools.next-try', { at: formatMoment(service.next_try_at) })}`}
      </Text>
      <StatusSteps label={t('console-schools.service')} steps={steps} />
      {service.state !== 'active' && <Steering card={card} />}
    </Stack>
  )
}

function Steering({ card }: { card: School }) {
  const t = useT()
  const retry = useRetry()
  const rollBack = useRollBack()
  const [asking, setAsking] = useState(false)
  const which = { params: { path: { id: card.id } }, body: {} }
  const gone = card.service.state === 'rolled_back'
  return (
    <>
      {Boolean(retry.error) && <FailureNote error={retry.error} />}
      {Boolean(rollBack.error) && <FailureNote error={rollBack.error} />}
      <Group>
        <Button loading={retry.isPending} onClick={() => retry.mutate(which)}>
          {t('console-schools.retry')}
        </Button>
        {!gone && (
          <Button variant="outline" color="red" onClick={() => setAsking(true)}>
            {t('console-schools.rollback')}
          </Button>
        )}
      </Group>
      <ConfirmTyped
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('console-schools.rollback-title')}
        name={card.slug}
        action={t('console-schools.rollback')}
        busy={rollBack.isPending}
        onConfirm={() => rollBack.mutate(which, { onSettled: () => setAsking(false) })}
      >
        {t('console-schools.rollback-help')}
      </ConfirmTyped>
    </>
  )
}
