// Approve, reject, send again: each shows the letter first, as it will read, and only then does it.
import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { isProblem } from '~/api/problem'
import { waitsForDecision, worded } from '~/console/states'
import { formatMoment } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { Cancel } from '~/ui/Cancel'
import { Lines } from '~/ui/DataState'
import { Dialog } from '~/ui/Dialog'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import classes from './Decision.module.css'
import { useApprove, useInviteAgain, useLetterPreview, useReject, type Application } from './queries'

type Act = 'approve' | 'reject' | 'again'

export function Decision({ card }: { card: Application }) {
  const t = useT()
  const [act, setAct] = useState<Act>()
  const [done, setDone] = useState<Act>()
  const close = () => setAct(undefined)
  const finish = (which: Act) => {
    setDone(which)
    close()
  }
  const letter = useLetterPreview()
  const open = (which: Act) => {
    setDone(undefined)
    letter.reset()
    if (which !== 'reject') letter.mutate({ params: { path: { id: card.id } }, body: { kind: 'approval' } })
    setAct(which)
  }
  return (
    <>
      <Group>
        {waitsForDecision(card.state) && <Button onClick={() => open('approve')}>{t('console-applications.approve')}</Button>}
        {waitsForDecision(card.state) && (
          <Button variant="default" onClick={() => open('reject')}>
            {t('console-applications.reject')}
          </Button>
        )}
        {card.state === 'invited' && (
          <Button variant="default" onClick={() => open('again')}>
            {t('console-applications.again')}
          </Button>
        )}
      </Group>
      <Text role="status" c="var(--k-good)" mt={done && 'xs'}>
        {done && t(`console-applications.done.${done}`)}
      </Text>
      <Dialog
        opened={act !== undefined}
        onClose={close}
        size="lg"
        title={act && t(`console-applications.title.${act}`, { number: card.number })}
      >
        {act === 'reject' && <Reject card={card} onClose={close} onDone={() => finish('reject')} />}
        {(act === 'approve' || act === 'again') && <Send card={card} act={act} letter={letter} onClose={close} onDone={() => finish(act)} />}
      </Dialog>
    </>
  )
}

interface SendProps {
  card: Application
  act: 'approve' | 'again'
  letter: ReturnType<typeof useLetterPreview>
  onClose: () => void
  onDone: () => void
}

function Send({ card, act, letter, onClose, onDone }: SendProps) {
  const t = useT()
  const approve = useApprove()
  const again = useInviteAgain()
  const sending = act === 'approve' ? approve : again
  return (
    <Stack>
      {act === 'again' && <Text>{t('console-applications.again-help')}</Text>}
      {letter.error && (
        <FailureNote
          error={letter.error}
          onRetry={() => letter.mutate({ params: { path: { id: card.id } }, body: { kind: 'approval' } })}
        />
      )}
      {letter.data ? <LetterText to={card.email} letter={letter.data} /> : letter.isPending && <Lines />}
      <Refusal error={sending.error} />
      <Group justify="flex-end">
        <Cancel onClick={onClose} />
        <Button
          disabled={!letter.data}
          loading={sending.isPending}
          onClick={() => sending.mutate({ params: { path: { id: card.id } }, body: {} }, { onSuccess: onDone })}
        >
          {t(act === 'approve' ? 'console-applications.approve-send' : 'console-applications.again-send')}
        </Button>
      </Group>
    </Stack>
  )
}

function Reject({ card, onClose, onDone }: { card: Application; onClose: () => void; onDone: () => void }) {
  const t = useT()
  const letter = useLetterPreview()
  const reject = useReject()
  const [seen, setSeen] = useState<string>()
  const form = useForm({
    initial: { reason: '' },
    labels: { reason: t('console-applications.reason') },
    check: ({ reason }) => ({ reason: reason.trim() ? undefined : t('common.required') }),
  })
  // The letter that was read is the letter that goes out: another reason is another letter.
  const fresh = letter.data && seen === form.values.reason ? letter.data : undefined
  const send = async ({ reason }: { reason: string }) => {
    const path = { id: card.id }
    if (!fresh) {
      await letter.mutateAsync({ params: { path }, body: { kind: 'rejection', reason } })
      setSeen(reason)
      return
    }
    await reject.mutateAsync({ params: { path }, body: { reason } })
    onDone()
  }
  return (
    <Form
      form={form}
      label={t('console-applications.reject')}
      action={t(fresh ? 'console-applications.reject-send' : 'console-applications.show-letter')}
      onSend={send}
      guarded={false}
      aside={<Cancel onClick={onClose} />}
    >
      <Textarea {...form.field('reason')} description={t('console-applications.reason-help')} rows={4} maxLength={2000} required data-autofocus />
      {fresh && <LetterText to={card.email} letter={fresh} />}
      <Meanwhile error={reject.error} />
    </Form>
  )
}

function LetterText({ to, letter }: { to: string; letter: { subject: string; body: string } }) {
  const t = useT()
  return (
    <section className={classes.letter} aria-label={t('console-applications.letter')}>
      <Text size="sm" c="dimmed">
        {t('console-applications.letter-to', { email: to })}
      </Text>
      <Text fw={600} my={4}>
        {letter.subject}
      </Text>
      <div className={classes.body}>{letter.body}</div>
    </section>
  )
}

function Refusal({ error }: { error: unknown }) {
  if (!error) return null
  return (
    <>
      <FailureNote error={error} />
      <Meanwhile error={error} />
    </>
  )
}

/** Who decided before, when and how. */
function Meanwhile({ error }: { error: unknown }) {
  const t = useT()
  if (!isProblem(error) || !error.conflict) return null
  const { by, at, value } = error.conflict
  const state = typeof value === 'string' ? worded(t(`console.state.${value}`), value) : ''
  return <Text size="sm">{[by, formatMoment(at), state].filter(Boolean).join(' · ')}</Text>
}
