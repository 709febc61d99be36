// How far an import is, and what can be done next: write it, watch it, take it back, give it up.
import { Alert, Button, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { formatMoment } from '~/lib/dates'
import { paths } from '~/portal/paths'
import { Confirm } from '~/ui/Confirm'
import { ConfirmTyped } from '~/ui/ConfirmTyped'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import { act, counted, forgetImports, isAtWork, type Act, type Import } from './queries'

const ENDED: readonly (string | undefined)[] = ['import.changed', 'import.depended-on']

export function Standing({ one }: { one: Import }) {
  const t = useT()
  const ended = ENDED.includes(one.error) ? one.error : 'import.failed'
  return (
    <section aria-labelledby="standing-title">
      <Title order={2} id="standing-title" mb="xs">
        {t(`import.state.${one.state}`)}
      </Title>
      <Stack gap="sm" align="flex-start">
        {one.error && (
          <Alert role="alert" color="red" variant="light" title={t('import.not-finished')}>
            {t(`import.ended.${ended ?? ''}`)}
          </Alert>
        )}
        {one.state === 'checked' && <Checked one={one} />}
        {isAtWork(one) && <AtWork one={one} />}
        {one.state === 'done' && <Done one={one} />}
        {one.state === 'undone' && <Text>{t('import.undone', { at: one.undone_at ? formatMoment(one.undone_at) : '' })}</Text>}
        {one.state === 'dropped' && <Text>{t('import.dropped')}</Text>}
      </Stack>
    </section>
  )
}

/** The question that is open, and what its answer sets going. */
function useAct(one: Import) {
  const t = useT()
  const [asked, setAsked] = useState<Act>()
  const doing = useMutation({
    mutationFn: (what: Act) => act(what, one),
    onSuccess: () => setAsked(undefined),
    // What stands there now is shown behind the refusal.
    onError: () => void forgetImports(),
  })
  const ask = (what: Act | undefined) => {
    doing.reset()
    setAsked(what)
  }
  return { asked, ask, doing, error: counted(doing.error, t) }
}

function Checked({ one }: { one: Import }) {
  const t = useT()
  const { asked, ask, doing, error } = useAct(one)
  const { error: errors, new: entered, changed } = one.counts
  const nothing = entered + changed === 0
  const question = { busy: doing.isPending, error, onClose: () => ask(undefined) }
  return (
    <>
      <Text role="status">{t('import.going', { entered, changed })}</Text>
      {errors > 0 && <Text c="var(--mantine-color-error)">{t('import.errors-left', { count: errors })}</Text>}
      {errors === 0 && nothing && <Text>{t('import.nothing')}</Text>}
      <Group gap="xs">
        <Button disabled={errors > 0 || nothing} onClick={() => ask('commit')}>
          {t('import.commit')}
        </Button>
        {errors > 0 && (
          <Button variant="default" onClick={() => ask('leave-out')}>
            {t('import.leave-out-all')}
          </Button>
        )}
        <Button variant="default" onClick={() => ask('drop')}>
          {t('import.drop')}
        </Button>
      </Group>
      <Confirm opened={asked === 'commit'} title={t('import.commit')} action={t('import.commit-action')} onConfirm={() => doing.mutate('commit')} {...question}>
        <Text>{t('import.commit-help', { entered, changed })}</Text>
      </Confirm>
      <Confirm opened={asked === 'leave-out'} title={t('import.leave-out-all')} action={t('import.leave-out-action')} onConfirm={() => doing.mutate('leave-out')} {...question}>
        <Text>{t('import.leave-out-help', { count: errors })}</Text>
      </Confirm>
      <Confirm opened={asked === 'drop'} ends title={t('import.drop')} action={t('import.drop-action')} onConfirm={() => doing.mutate('drop')} {...question}>
        <Text>{t('import.drop-help')}</Text>
      </Confirm>
    </>
  )
}

function AtWork({ one }: { one: Import }) {
  const t = useT()
  const share = one.total > 0 ? (100 * one.done) / one.total : 0
  return (
    <Stack gap={4} w="100%" maw="32rem">
      <Text role="status">{t('import.progress', { done: one.done, total: one.total })}</Text>
      <Progress value={share} aria-label={t(`import.state.${one.state}`)} />
      <Text size="sm" c="dimmed">
        {t('import.progress-help')}
      </Text>
    </Stack>
  )
}

function Done({ one }: { one: Import }) {
  const t = useT()
  const { asked, ask, doing, error } = useAct(one)
  const { new: entered, changed } = one.counts
  return (
    <>
      <Text role="status">
        ✓ {t('import.done', { entered, changed, at: one.committed_at ? formatMoment(one.committed_at) : '' })}
      </Text>
      <Group gap="xs">
        <Button renderRoot={(props) => <Link {...props} to={paths.credentials} />}>{t('import.print')}</Button>
        <Button variant="default" renderRoot={(props) => <Link {...props} to={paths.people} search={{ kind: 'student' }} />}>
          {t('import.people')}
        </Button>
        <Button variant="default" color="red" onClick={() => ask('undo')}>
          {t('import.undo')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('import.undo-until', { until: formatMoment(one.rows_until) })}
      </Text>
      <ConfirmTyped
        opened={asked === 'undo'}
        onClose={() => ask(undefined)}
        onConfirm={() => doing.mutate('undo')}
        title={t('import.undo')}
        name={String(entered + changed)}
        action={t('import.undo-action')}
        busy={doing.isPending}
      >
        {doing.error && <FailureNote error={error} />}
        {t('import.undo-help', { entered, changed })}
      </ConfirmTyped>
    </>
  )
}
