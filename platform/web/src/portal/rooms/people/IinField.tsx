// The ИИН in a person's form, only where the school keeps it: empty leaves what is there, and there is a way to delete it.
import { Checkbox, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Form } from '~/lib/form'
import { iinSetting } from '~/portal/dictionaries'
import { Needed } from '~/ui/Needed'
import { useT } from '~/ui/text'
import type { PersonValues } from './person'

export function IinField({ form, end }: { form: Form<PersonValues>; end: string | undefined }) {
  const t = useT()
  const setting = useQuery(iinSetting())
  const { field, tick, values } = form
  if (!setting.data) return <Needed of={[setting]} />
  if (!setting.data.on) return null
  return (
    <>
      <TextInput
        {...field('iin')}
        description={end ? t('people.iin-stays', { end }) : t('ui.optional')}
        inputMode="numeric"
        maxLength={20}
        autoComplete="off"
        disabled={values.iin_delete}
      />
      {end && <Checkbox {...tick('iin_delete')} />}
    </>
  )
}
