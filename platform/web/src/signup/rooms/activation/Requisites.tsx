// The requisites that the agreement names, prefilled from the application; a draft is kept while they are mended.
import { TextInput } from '@mantine/core'
import { Form } from '~/lib/Form'
import { useForm, type Errors } from '~/lib/form'
import { Cancel } from '~/ui/Cancel'
import { FieldGroup, Whole } from '~/ui/FieldGroup'
import { useT } from '~/ui/text'
import { draftAgreement, type Activation } from './queries'

const OPTIONAL = 'rnn'

export function Requisites({ activation, onDrawn }: { activation: Activation; onDrawn: () => void }) {
  const t = useT()
  const { name_kk, name_ru, director, city, legal_address, postal_address } = activation.application
  const form = useForm({
    initial: { name_kk, name_ru, director, director_ground: t('signup-activate.charter'), city, legal_address, postal_address, rnn: '' },
    labels: {
      name_kk: t('signup-activate.name-kk'),
      name_ru: t('signup-activate.name-ru'),
      director: t('signup-activate.director'),
      director_ground: t('signup-activate.ground'),
      city: t('signup-activate.city'),
      legal_address: t('signup-activate.legal-address'),
      postal_address: t('signup-activate.postal-address'),
      rnn: t('signup-activate.rnn'),
    },
    draft: 'agreement',
    check: (values) => {
      const errors: Errors<typeof values> = {}
      for (const [name, text] of Object.entries(values)) {
        if (name !== OPTIONAL && !text.trim()) errors[name as keyof typeof values] = t('common.required')
      }
      if (values.rnn.trim() && !/^\d{12}$/.test(values.rnn.trim())) errors.rnn = t('signup-activate.rnn-wrong')
      return errors
    },
  })
  const { field } = form

  const send = async (values: typeof form.values) => {
    const { rnn, ...rest } = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, text.trim()])) as typeof values
    await draftAgreement({ ...rest, ...(rnn && { rnn }) })
    onDrawn()
  }

  return (
    <Form
      form={form}
      onSend={send}
      action={t('signup-activate.draw')}
      label={t('signup-activate.requisites')}
      aside={activation.agreement && <Cancel variant="subtle" onClick={onDrawn} />}
    >
      <FieldGroup title={t('signup-activate.requisites')} help={t('signup-activate.requisites-help', { bin: activation.application.bin })}>
        <Whole>
          <TextInput {...field('name_ru')} required />
        </Whole>
        <Whole>
          <TextInput {...field('name_kk')} required />
        </Whole>
        <TextInput {...field('director')} required />
        <TextInput {...field('director_ground')} description={t('signup-activate.ground-help')} required />
        <Whole>
          <TextInput {...field('city')} required />
        </Whole>
        <Whole>
          <TextInput {...field('legal_address')} required />
        </Whole>
        <Whole>
          <TextInput {...field('postal_address')} required />
        </Whole>
        <TextInput {...field('rnn')} description={t('signup-activate.rnn-help')} inputMode="numeric" maxLength={12} />
      </FieldGroup>
    </Form>
  )
}
