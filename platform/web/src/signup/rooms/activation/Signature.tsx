// The signature: who signs, and that the agreement was read.
import { Checkbox, TextInput } from '@mantine/core'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { FieldGroup, Whole } from '~/ui/FieldGroup'
import { useT } from '~/ui/text'
import { signAgreement, type Agreement } from './queries'

export function Signature({ agreement, director }: { agreement: Agreement; director: string }) {
  const t = useT()
  const form = useForm({
    initial: { signed_name: director, accepted: false },
    labels: { signed_name: t('signup-activate.signed-name'), accepted: t('signup-activate.accepted') },
    check: (values) => ({
      signed_name: values.signed_name.trim() ? undefined : t('common.required'),
      accepted: values.accepted ? undefined : t('signup-activate.accepted-needed'),
    }),
  })
  return (
    <Form
      form={form}
      label={t('signup-activate.signature')}
      action={t('signup-activate.sign')}
      onSend={({ signed_name }) =>
        signAgreement({ agreement_id: agreement.id, version: agreement.version, signed_name: signed_name.trim(), accepted: true })
      }
    >
      <FieldGroup title={t('signup-activate.signature')}>
        <Whole>
          <TextInput {...form.field('signed_name')} description={t('signup-activate.signed-name-help')} autoComplete="name" required />
        </Whole>
        <Whole>
          <Checkbox {...form.tick('accepted')} required />
        </Whole>
      </FieldGroup>
    </Form>
  )
}
