// Whether the school keeps ИИН: turned on with a statement about the consent, turned off with everything deleted.
import { Button, Checkbox, Group, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatMoment } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { client, type PortalAnswer } from '~/portal/api'
import { forget, iinSetting } from '~/portal/dictionaries'
import { Cancel } from '~/ui/Cancel'
import { DataState } from '~/ui/DataState'
import { Dialog } from '~/ui/Dialog'
import { useT } from '~/ui/text'

type Setting = PortalAnswer<'iin_setting'>

export function IinSwitch() {
  const t = useT()
  const [opened, setOpened] = useState(false)
  const setting = useQuery({ ...iinSetting(), enabled: opened })
  const close = () => setOpened(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        {t('people.iin-setting')}
      </Button>
      <Dialog opened={opened} onClose={close} title={t('people.iin-setting')}>
        <DataState query={setting}>{(shown) => (shown.on ? <TurnOff key={shown.version} setting={shown} onClose={close} /> : <TurnOn key={shown.version} setting={shown} onClose={close} />)}</DataState>
      </Dialog>
    </>
  )
}

const done = () => forget('/iin', '/people/{id}')

function TurnOn({ setting, onClose }: { setting: Setting; onClose: () => void }) {
  const t = useT()
  const form = useForm({
    initial: { statement: '' },
    labels: { statement: t('people.iin-statement') },
    check: ({ statement }) => ({ statement: statement.trim().length >= 10 ? undefined : t('people.iin-statement-help') }),
  })
  const send = async ({ statement }: typeof form.values) => {
    await client.PUT('/iin', { body: { on: true, version: setting.version, statement: statement.trim() } })
    await done()
  }
  return (
    <Form form={form} onSend={send} action={t('people.iin-on')} label={t('people.iin-on')} aside={<Cancel onClick={onClose} />}>
      <Text>{t('people.iin-on-help')}</Text>
      <Textarea {...form.field('statement')} description={t('people.iin-statement-help')} required maxLength={500} rows={3} />
    </Form>
  )
}

function TurnOff({ setting, onClose }: { setting: Setting; onClose: () => void }) {
  const t = useT()
  const form = useForm({
    initial: { sure: false },
    labels: { sure: t('people.iin-delete', { count: setting.stored }) },
    check: ({ sure }) => ({ sure: sure || setting.stored === 0 ? undefined : t('people.iin-delete-help') }),
  })
  const send = async ({ sure }: typeof form.values) => {
    await client.PUT('/iin', { body: { on: false, version: setting.version, ...(sure && { delete_stored: true }) } })
    await done()
  }
  return (
    <Form form={form} onSend={send} action={t('people.iin-off')} label={t('people.iin-off')} aside={<Cancel onClick={onClose} />}>
      <Stack gap="xs">
        <Text>{t('people.iin-is-on', { who: setting.stated_by ?? '', when: setting.stated_at ? formatMoment(setting.stated_at) : '' })}</Text>
        <Text component="blockquote">{setting.statement}</Text>
      </Stack>
      {setting.stored > 0 && (
        <Group>
          <Checkbox {...form.tick('sure')} />
        </Group>
      )}
    </Form>
  )
}
