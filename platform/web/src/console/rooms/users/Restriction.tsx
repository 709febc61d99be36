// Keeping a user out, with the nature and the time that the school is told; and letting in again.
import { Button, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import { NATURES, useRelease, useRestrict, type Nature, type User } from './queries'

interface Props {
  user: User
  onDone: (user: User) => void
}

export function Restrict({ user, onDone }: Props) {
  const t = useT()
  const restrict = useRestrict()
  const form = useForm({
    initial: { nature: 'rules' as Nature, days: '' },
    labels: { nature: t('console-users.nature'), days: t('console-users.days') },
    check: ({ days }) => ({ days: !days.trim() || /^\d{1,3}$/.test(days.trim()) ? undefined : t('console-users.days-wrong') }),
  })
  const send = async ({ nature, days }: { nature: Nature; days: string }) => {
    const body = days.trim() ? { nature, days: Number(days) } : { nature }
    onDone(await restrict.mutateAsync({ params: { path: { id: user.id } }, body }))
  }
  return (
    <Form form={form} action={t('console-users.restrict')} onSend={send} label={t('console-users.restrict')}>
      <Text c="dimmed">{t('console-users.effect')}</Text>
      <NativeSelect {...form.field('nature')} data={NATURES.map((value) => ({ value, label: t(`console-users.nature.${value}`) }))} maw="26rem" />
      <TextInput {...form.field('days')} description={t('console-users.days-help')} inputMode="numeric" maw="26rem" />
    </Form>
  )
}

export function Release({ user, onDone }: Props) {
  const t = useT()
  const release = useRelease()
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="default"
        loading={release.isPending}
        onClick={() => release.mutate({ params: { path: { id: user.id } }, body: {} }, { onSuccess: onDone })}
      >
        {t('console-users.release')}
      </Button>
      {release.error && <FailureNote error={release.error} />}
    </Stack>
  )
}
