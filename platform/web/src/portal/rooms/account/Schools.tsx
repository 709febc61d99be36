// The schools of the account, and a further one: the paper of that school is typed, shown, and attached.
import { Alert, Anchor, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { named, useLanguage } from '~/lib/useLanguage'
import { accountChanged } from '~/portal/account'
import { client, queryClient, type PortalAnswer } from '~/portal/api'
import { meRead, useMe } from '~/portal/me'
import { outside, slug } from '~/portal/paths'
import { Cancel } from '~/ui/Cancel'
import { Secret } from '~/ui/Secret'
import { useT } from '~/ui/text'
import styles from './account.module.css'
import { Section } from './Section'

interface Paper {
  login: string
  temporary_password: string
}

type Offer = PortalAnswer<'attachment_look'>

export function Schools() {
  const t = useT()
  const me = useMe()
  const { language } = useLanguage()
  const [done, setDone] = useState<Offer>()
  const [shown, setShown] = useState<{ paper: Paper; offer: Offer }>()
  const attached = async (offer: Offer) => {
    setShown(undefined)
    setDone(offer)
    await Promise.all([queryClient.invalidateQueries({ queryKey: meRead().queryKey }), accountChanged()])
  }
  return (
    <Section title={t('account.schools-title')} help={t('account.schools-help')} said={done && t('account.attach-done', { school: named(done, 'name', language) })}>
      <ul className={styles.sessions}>
        {me.schools.map((school) => (
          <li key={school.slug}>
            <span>
              {school.slug === slug ? named(school, 'name', language) : <Anchor href={outside.school(school.slug)}>{named(school, 'name', language)}</Anchor>}
              <Text size="sm" c="dimmed" component="span" display="block">
                {school.roles.map((role) => t(`common.role.${role}`)).join(', ')}
              </Text>
            </span>
            {school.slug === slug && (
              <Text span fw={600}>
                {t('account.schools-this')}
              </Text>
            )}
          </li>
        ))}
      </ul>
      <div>
        <Title order={3} size="h4">
          {t('account.attach-title')}
        </Title>
        <Text c="dimmed" size="sm">
          {t('account.attach-help')}
        </Text>
      </div>
      {shown ? (
        <Confirm {...shown} onDone={() => attached(shown.offer)} onCancel={() => setShown(undefined)} />
      ) : (
        <Look
          onShown={(paper, offer) => {
            setDone(undefined)
            setShown({ paper, offer })
          }}
        />
      )}
    </Section>
  )
}

/** First it is shown whose profile it is. */
function Look({ onShown }: { onShown: (paper: Paper, offer: Offer) => void }) {
  const t = useT()
  const form = useForm<Paper>({
    initial: { login: '', temporary_password: '' },
    labels: { login: t('account.attach-login'), temporary_password: t('account.attach-temporary') },
    check: (values) => ({
      login: values.login.trim() ? undefined : t('common.required'),
      temporary_password: values.temporary_password.trim() ? undefined : t('common.required'),
    }),
  })
  const send = async (paper: Paper) => {
    const { data } = await client.POST('/account/attachment/look', { body: { ...paper, login: paper.login.trim() } })
    if (data) onShown(paper, data)
  }
  return (
    <Form form={form} onSend={send} action={t('account.attach-look')} label={t('account.attach-title')} guarded={false}>
      <TextInput {...form.field('login')} autoComplete="off" autoCapitalize="none" autoCorrect="off" spellCheck={false} maxLength={64} />
      <Secret {...form.field('temporary_password')} autoComplete="off" />
    </Form>
  )
}

/** Then it is attached; for a school's staff the own password is checked. */
function Confirm({ paper, offer, onDone, onCancel }: { paper: Paper; offer: Offer; onDone: () => Promise<void>; onCancel: () => void }) {
  const t = useT()
  const { language } = useLanguage()
  const form = useForm({
    initial: { password: '' },
    labels: { password: t('account.attach-password') },
    check: ({ password }) => ({ password: password || !offer.password_needed ? undefined : t('common.required') }),
  })
  const send = async ({ password }: typeof form.values) => {
    const body = { ...paper, login: paper.login.trim(), ...(offer.password_needed && { password }) }
    await client.POST('/account/attachment', { body })
    await onDone()
  }
  return (
    <Form
      form={form}
      onSend={send}
      action={t('account.attach-action')}
      label={t('account.attach-check')}
      guarded={false}
      aside={<Cancel onClick={onCancel} />}
    >
      <Alert variant="light" title={t('account.attach-check')}>
        <Stack gap={4}>
          <Text fw={600}>{named(offer, 'name', language)}</Text>
          <Text>{offer.full_name}</Text>
          <Text>{offer.roles.map((role) => t(`common.role.${role}`)).join(', ')}</Text>
          <Text size="sm">{t('account.attach-check-help')}</Text>
        </Stack>
      </Alert>
      {offer.password_needed && <Secret {...form.field('password')} description={t('account.attach-password-help')} autoComplete="current-password" />}
    </Form>
  )
}
