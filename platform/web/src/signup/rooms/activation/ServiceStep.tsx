// The fourth step: the school's address is chosen, the service is made before one's eyes, and the door opens.
import { Alert, Button, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { RESYNC, useLive } from '~/api/live'
import { formatTime } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { formatDecimal } from '~/lib/numbers'
import { useLanguage } from '~/lib/useLanguage'
import { leaveFor } from '~/lib/leave'
import { base, queryClient } from '~/signup/api'
import { school } from '~/signup/paths'
import { FailureNote } from '~/ui/FailureNote'
import { StatusSteps, type StatusStep } from '~/ui/StatusSteps'
import { useT } from '~/ui/text'
import { activateService, serviceRead, useServiceEnter, type Activation, type Service } from './queries'

const POLL_MILLIS = 1_500
/** With the stream up, asking is only for a line that is open and silent. */
const SLOW_POLL_MILLIS = 5_000

export function ServiceStep({ activation }: { activation: Activation }) {
  // The step stays in view from the first request on, whatever the read of the whole activation says meanwhile.
  const [begun, setBegun] = useState(activation.service !== undefined)
  return begun ? <Progress first={activation.service} /> : <Address activation={activation} onBegun={() => setBegun(true)} />
}

function Address({ activation, onBegun }: { activation: Activation; onBegun: () => void }) {
  const t = useT()
  const form = useForm({
    initial: { slug: activation.proposed_slug },
    labels: { slug: t('signup-activate.slug') },
    check: ({ slug }) => ({ slug: /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/.test(slug.trim()) ? undefined : t('signup-activate.slug-wrong') }),
  })
  const address = `${location.host}/${form.values.slug.trim()}/`
  return (
    <Stack maw="40rem">
      <Text>{t('signup-activate.service-lead')}</Text>
      <Form
        form={form}
        label={t('signup-activate.step.service')}
        action={t('signup-activate.activate')}
        onSend={async ({ slug }) => {
          await activateService(slug.trim())
          onBegun()
        }}
      >
        <TextInput {...form.field('slug')} description={t('signup-activate.slug-help')} autoCapitalize="none" spellCheck={false} maxLength={40} required />
        <Text>
          {t('signup-activate.slug-shown')} <strong style={{ overflowWrap: 'anywhere' }}>{address}</strong>
        </Text>
      </Form>
    </Stack>
  )
}

function Progress({ first }: { first: Service | undefined }) {
  const t = useT()
  const { language } = useLanguage()
  const [live, setLive] = useState(false)
  const service = useQuery({
    ...serviceRead(),
    initialData: first,
    // The stream tells at once; where it does not come through, asking does.
    refetchInterval: ({ state }) => (ended(state.data) ? false : live ? SLOW_POLL_MILLIS : POLL_MILLIS),
  })
  const over = ended(service.data)
  useLive<Service>(
    over ? undefined : `${base}/service/events`,
    (event) => {
      if ('topic' in event) {
        if (event.topic === RESYNC.topic) void service.refetch()
        return
      }
      queryClient.setQueryData(serviceRead().queryKey, event)
    },
    setLive,
  )
  const steps = service.data?.steps.map((step): StatusStep => {
    const seconds = step.took_ms === undefined ? undefined : formatDecimal((step.took_ms / 1000).toFixed(1), language)
    const note = step.error ?? (step.attempts > 1 ? t('signup-activate.attempt', { count: step.attempts }) : undefined)
    return { key: step.name, label: t(`common.provisioning.${step.name}`), state: step.state, note: note ?? (seconds && t('signup-activate.took', { seconds })) }
  })
  return (
    <Stack maw="40rem">
      {!over && <Text>{t('signup-activate.working')}</Text>}
      {steps && <StatusSteps label={t('signup-activate.steps')} steps={steps} />}
      {service.error && <FailureNote error={service.error} onRetry={() => void service.refetch()} />}
      {service.data && <Outcome service={service.data} />}
    </Stack>
  )
}

function ended(service: Service | undefined): boolean {
  return service !== undefined && service.state !== 'provisioning' && service.next_try_at === undefined
}

function Outcome({ service }: { service: Service }) {
  const t = useT()
  const enter = useServiceEnter()
  if (service.state === 'active') {
    return (
      <Stack align="flex-start" role="status">
        <Text fw={600}>{t('signup-activate.ready')}</Text>
        {enter.error && <FailureNote error={enter.error} />}
        <Button
          size="lg"
          loading={enter.isPending}
          onClick={() => enter.mutate(undefined, { onSuccess: (data) => data && leaveFor(school(data.slug)) })}
        >
          {t('signup-activate.enter')}
        </Button>
      </Stack>
    )
  }
  if (service.state === 'provisioning') return null
  return (
    <Alert color="red" variant="light" title={t('signup-activate.failed')} role="alert">
      {service.next_try_at ? t('signup-activate.failed-retry', { time: formatTime(service.next_try_at) }) : t('signup-activate.failed-help')}
    </Alert>
  )
}
