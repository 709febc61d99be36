// What is asked after the password: a code of the app, and beside it a passkey.
import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { Form } from '~/lib/form'
import { useT } from '~/ui/text'
import type { Typed, useAsked, useSteps } from './steps'

interface Props {
  form: Form<Typed>
  asked: ReturnType<typeof useAsked>
  steps: ReturnType<typeof useSteps>
}

export function SecondStep({ form, asked, steps }: Props) {
  const t = useT()
  return (
    <>
      {asked.code && <Code form={form} wrong={steps.codeWrong} required={!asked.passkey} />}
      {asked.passkey && (
        <Button variant="default" onClick={() => void form.submit(steps.withPasskey)}>
          {t('common.passkey-use')}
        </Button>
      )}
    </>
  )
}

function Code({ form, wrong, required }: { form: Form<Typed>; wrong: boolean; required: boolean }) {
  const t = useT()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <TextInput
      {...form.field('code')}
      ref={field}
      error={form.errors.code ?? wrong}
      description={t('common.code-help')}
      autoComplete="one-time-code"
      required={required}
      withAsterisk={false}
    />
  )
}
