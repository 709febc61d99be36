// The form of the application: school, addresses, persons, size.
import { NativeSelect, TextInput } from '@mantine/core'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { useLanguage } from '~/lib/useLanguage'
import { client } from '~/signup/api'
import { FieldGroup, Whole } from '~/ui/FieldGroup'
import { useT } from '~/ui/text'
import type { Sent } from './ApplyPage'
import { bodyOf, check, initial, labelsOf, REGIONS, TEACHING } from './application'

export function ApplyForm({ onSent }: { onSent: (sent: Sent) => void }) {
  const t = useT()
  const { language } = useLanguage()
  const form = useForm({ initial, labels: labelsOf(t), check: (values) => check(values, t), draft: 'application', lasting: true })
  const { field } = form

  const send = async (values: typeof form.values) => {
    const { data } = await client.POST('/applications', { body: bodyOf(values, language) })
    if (data) onSent({ ...data, email: values.email.trim() })
  }

  const regions = REGIONS.map((value) => ({ value, label: t(`regions.${value}`) }))
  regions.sort((left, right) => left.label.localeCompare(right.label, language))

  return (
    <Form form={form} onSend={send} action={t('signup-apply.send')} label={t('signup-apply.title')}>
      <FieldGroup title={t('signup-apply.group-school')}>
        <Whole>
          <TextInput {...field('name_kk')} description={t('signup-apply.name-kk-help')} required />
        </Whole>
        <Whole>
          <TextInput {...field('name_ru')} description={t('signup-apply.name-ru-help')} required />
        </Whole>
        <TextInput {...field('bin')} description={t('signup-apply.bin-help')} inputMode="numeric" maxLength={16} required />
        <NativeSelect
          {...field('language')}
          description={t('signup-apply.language-help')}
          data={[{ value: '', label: t('signup-apply.choose') }, ...TEACHING.map((value) => ({ value, label: t(`common.language.${value}`) }))]}
          required
        />
      </FieldGroup>
      <FieldGroup title={t('signup-apply.group-addresses')}>
        <NativeSelect {...field('region')} data={[{ value: '', label: t('signup-apply.choose') }, ...regions]} required />
        <TextInput {...field('city')} autoComplete="address-level2" required />
        <Whole>
          <TextInput {...field('legal_address')} autoComplete="street-address" required />
        </Whole>
        <Whole>
          <TextInput {...field('postal_address')} description={t('signup-apply.postal-address-help')} />
        </Whole>
      </FieldGroup>
      <FieldGroup title={t('signup-apply.group-persons')} help={t('signup-apply.persons-help')}>
        <Whole>
          <TextInput {...field('director')} description={t('signup-apply.director-help')} required />
        </Whole>
        <TextInput {...field('contact_name')} autoComplete="name" required />
        <TextInput {...field('contact_position')} description={t('ui.optional')} autoComplete="organization-title" />
        <TextInput {...field('email')} description={t('signup-apply.email-help')} type="email" autoComplete="email" required />
        <TextInput {...field('phone')} description={t('signup-apply.phone-help')} type="tel" autoComplete="tel" required />
      </FieldGroup>
      <FieldGroup title={t('signup-apply.group-size')}>
        <TextInput {...field('pupils')} description={t('signup-apply.pupils-help')} inputMode="numeric" maxLength={7} required />
      </FieldGroup>
    </Form>
  )
}
