// The dialog that asks for the password once more, and a code or a passkey; what waited for it is then sent again with its key.
import { Button, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { askPasskey, passkeysKnown } from '~/lib/passkeys'
import { Cancel } from '~/ui/Cancel'
import { Dialog } from '~/ui/Dialog'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'
import { accountRead } from './account'
import { client } from './api'
import { answerProof } from './stepUp'

export function StepUp() {
  const t = useT()
  return (
    <Dialog opened onClose={() => answerProof(false)} title={t('portal.proof.title')}>
      <ProofForm />
    </Dialog>
  )
}

function ProofForm() {
  const t = useT()
  const form = useForm({
    initial: { password: '', code: '' },
    labels: { password: t('common.password'), code: t('portal.proof.code') },
    check: ({ password }) => ({ password: password ? undefined : t('common.required') }),
  })
  const send = async ({ password, code }: typeof form.values) => {
    await client.POST('/account/proof', { body: { password, ...(code.trim() && { code: code.trim() }) } })
    answerProof(true)
  }
  const account = useQuery({ ...accountRead(), enabled: passkeysKnown() })
  const withPasskey = async ({ password }: typeof form.values) => {
    const { data } = await client.POST('/account/proof/challenge', {})
    if (!data) return
    const passkey = await askPasskey(data.options)
    await client.POST('/account/proof', { body: { password, passkey } })
    answerProof(true)
  }
  return (
    <Form
      form={form}
      onSend={send}
      action={t('portal.proof.action')}
      label={t('portal.proof.title')}
      guarded={false}
      aside={
        <>
          {account.data?.passkeys.length ? (
            <Button variant="default" onClick={() => void form.submit(withPasskey)}>
              {t('common.passkey-use')}
            </Button>
          ) : null}
          <Cancel onClick={() => answerProof(false)} />
        </>
      }
    >
      <Text>{t('portal.proof.lead')}</Text>
      <Secret {...form.field('password')} autoComplete="current-password" data-autofocus required withAsterisk={false} />
      <TextInput {...form.field('code')} description={t('portal.proof.code-help')} autoComplete="one-time-code" />
    </Form>
  )
}
