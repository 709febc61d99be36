// The second factor, and the code app: begun, proved by a code, taken away; and the ten codes for the day on which the phone is gone.
import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { accountChanged, type Account } from '~/portal/account'
import { api, client, type PortalAnswer } from '~/portal/api'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import { Codes } from './Codes'
import { RemoveFactor } from './RemoveFactor'
import { Section } from './Section'

type Begun = PortalAnswer<'factor_begin'>

export function Factor({ account }: { account: Account }) {
  const t = useT()
  const [begun, setBegun] = useState<Begun>()
  const [codes, setCodes] = useState<string[]>()
  const [removing, setRemoving] = useState(false)
  const begin = api.useMutation('post', '/account/factor', { onSuccess: setBegun })
  const renew = api.useMutation('post', '/account/recovery-codes', {
    onSuccess: async (made) => {
      setCodes(made.codes)
      await accountChanged()
    },
  })
  const error = begin.error ?? renew.error
  return (
    <Section title={t('account.factor-title')} help={t('account.factor-help')}>
      {error && <FailureNote error={error} />}
      <Text>{t(account.second_factor ? 'account.factor-on' : 'account.factor-off')}</Text>
      {account.second_factor && <Text>{t('account.codes-left', { count: account.recovery_codes })}</Text>}
      {codes && <Codes codes={codes} onDone={() => setCodes(undefined)} />}
      {begun ? (
        <FactorForm
          begun={begun}
          onDone={(made) => {
            setBegun(undefined)
            setCodes(made)
          }}
        />
      ) : (
        <Group>
          <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate({})}>
            {t(account.code_app ? 'account.factor-replace' : 'account.factor-begin')}
          </Button>
          {account.second_factor && (
            <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate({})}>
              {t('account.codes-renew')}
            </Button>
          )}
          {account.code_app && (!account.second_factor_required || account.passkeys.length > 0) && (
            <Button variant="default" onClick={() => setRemoving(true)}>
              {t('account.factor-remove')}
            </Button>
          )}
        </Group>
      )}
      {removing && (
        <RemoveFactor
          title={t('account.factor-remove')}
          help={account.passkeys.length === 0 ? t('account.factor-remove-help') : undefined}
          send={(password) => client.POST('/account/factor/removal', { body: { password } })}
          onDone={async (gone) => {
            if (gone) await accountChanged()
            setRemoving(false)
          }}
        />
      )}
    </Section>
  )
}

function FactorForm({ begun, onDone }: { begun: Begun; onDone: (codes: string[]) => void }) {
  const t = useT()
  const form = useForm({
    initial: { code: '' },
    labels: { code: t('common.code') },
    check: ({ code }) => ({ code: /^\d{6}$/.test(code.replace(/\s/g, '')) ? undefined : t('account.factor-code-wrong') }),
  })
  const send = async ({ code }: typeof form.values) => {
    const { data } = await client.POST('/account/factor/confirmation', { body: { code: code.replace(/\s/g, '') } })
    await accountChanged()
    if (data) onDone(data.codes)
  }
  return (
    <Form form={form} onSend={send} action={t('account.factor-confirm')} label={t('account.factor-title')} guarded={false}>
      <Stack gap="sm">
        <Text>{t('account.factor-scan')}</Text>
        <img width={176} height={176} src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(begun.qr_svg)}`} alt={t('account.factor-qr')} />
        <Text size="sm">
          {t('account.factor-type')} <code>{begun.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>{' '}
          <Anchor href={begun.otpauth_url} underline="always" inherit>
            {t('account.factor-open')}
          </Anchor>
        </Text>
      </Stack>
      <TextInput {...form.field('code')} maw="14rem" autoComplete="one-time-code" inputMode="numeric" maxLength={7} />
    </Form>
  )
}
