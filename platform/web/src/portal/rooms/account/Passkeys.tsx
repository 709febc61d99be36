// Passkeys: a phone, a computer or a security key that knows its owner, in the place of a code.
import { Alert, Button, Group, NativeSelect, Text } from '@mantine/core'
import { useState } from 'react'
import { formatMoment } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { makePasskey, passkeysKnown } from '~/lib/passkeys'
import { accountChanged, type Account } from '~/portal/account'
import { client } from '~/portal/api'
import { useT } from '~/ui/text'
import styles from './account.module.css'
import { RemoveFactor } from './RemoveFactor'
import { Section } from './Section'

type Passkey = Account['passkeys'][number]

const KINDS = ['phone', 'computer', 'key', 'other'] as const
const MOST = 10

export function Passkeys({ account }: { account: Account }) {
  const t = useT()
  const [done, setDone] = useState<'account.passkey-added' | 'account.passkey-removed'>()
  const [going, setGoing] = useState<Passkey>()
  const changed = async (what: typeof done) => {
    setDone(what)
    setGoing(undefined)
    await accountChanged()
  }
  const last = account.passkeys.length === 1 && !account.code_app
  return (
    <Section title={t('account.passkeys-title')} help={t('account.passkeys-help')} said={done && t(done)}>
      {account.passkeys.length === 0 && <Text>{t('account.passkeys-none')}</Text>}
      {account.passkeys.length > 0 && (
        <ul className={styles.sessions}>
          {account.passkeys.map((passkey) => (
            <Row key={passkey.id} passkey={passkey} stays={last && account.second_factor_required} onRemove={() => setGoing(passkey)} />
          ))}
        </ul>
      )}
      {going && (
        <RemoveFactor
          title={t('account.passkey-remove-title')}
          help={last ? t('account.factor-remove-help') : undefined}
          send={(password) => client.POST('/account/passkeys/removal', { body: { id: going.id, password } })}
          onDone={(gone) => (gone ? changed('account.passkey-removed') : setGoing(undefined))}
        />
      )}
      {account.passkeys.length > 0 && account.recovery_codes === 0 && <Alert variant="light">{t('account.passkeys-codes')}</Alert>}
      {!going && account.passkeys.length < MOST && <Add onDone={() => changed('account.passkey-added')} />}
    </Section>
  )
}

function Row({ passkey, stays, onRemove }: { passkey: Passkey; stays: boolean; onRemove: () => void }) {
  const t = useT()
  const kind = t(`account.passkey-kind.${passkey.kind}`)
  const since = formatMoment(passkey.created_at)
  return (
    <li>
      <span>
        {t('account.passkeys-row', { kind, since })}
        {passkey.used_at && <>; {t('account.passkeys-used', { used: formatMoment(passkey.used_at) })}</>}
      </span>
      {!stays && (
        <Button variant="default" size="compact-sm" aria-label={t('account.passkey-remove-of', { kind, since })} onClick={onRemove}>
          {t('account.passkey-remove')}
        </Button>
      )}
    </li>
  )
}

function Add({ onDone }: { onDone: () => Promise<void> }) {
  const t = useT()
  const form = useForm<{ kind: Passkey['kind'] }>({ initial: { kind: 'phone' }, labels: { kind: t('account.passkey-kind') } })
  if (!passkeysKnown()) return <Text c="dimmed">{t('account.passkeys-unknown')}</Text>
  const send = async ({ kind }: typeof form.values) => {
    const { data } = await client.POST('/account/passkeys/challenge', {})
    if (!data) return
    const answer = await makePasskey(data.options)
    await client.POST('/account/passkeys', { body: { kind, answer } })
    await onDone()
  }
  return (
    <Form form={form} onSend={send} action={t('account.passkey-add')} label={t('account.passkey-add')} guarded={false}>
      <Group>
        <NativeSelect
          {...form.field('kind')}
          onChange={(event) => form.set('kind', event.currentTarget.value as Passkey['kind'])}
          data={KINDS.map((value) => ({ value, label: t(`account.passkey-kind.${value}`) }))}
        />
      </Group>
    </Form>
  )
}
