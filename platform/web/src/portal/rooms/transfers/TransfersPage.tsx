// A student from another school is accepted: the file, what it holds, and the card that it became.
import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { paths } from '~/portal/paths'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { AcceptForm } from './AcceptForm'
import type { Accepted, Opened } from './transfer'
import { UploadForm } from './UploadForm'

export function TransfersPage() {
  const t = useT()
  const [opened, setOpened] = useState<Opened>()
  const [accepted, setAccepted] = useState<Accepted>()
  const again = () => {
    setOpened(undefined)
    setAccepted(undefined)
  }
  return (
    <>
      <PageHead key={accepted ? 'done' : opened ? 'look' : 'file'} focus={Boolean(opened)} title={t('transfers.accept')} lead={!opened && t('transfers.accept-lead')} />
      {accepted ? (
        <Done accepted={accepted} onAgain={again} />
      ) : opened ? (
        <AcceptForm opened={opened} onDone={setAccepted} onCancel={again} />
      ) : (
        <UploadForm onOpened={setOpened} />
      )}
    </>
  )
}

function Done({ accepted, onAgain }: { accepted: Accepted; onAgain: () => void }) {
  const t = useT()
  return (
    <Stack align="flex-start">
      <div role="status">
        <Text>✓ {t('transfers.accepted', { guardians: accepted.guardians })}</Text>
      </div>
      <Text>{t('transfers.accepted-next')}</Text>
      <Group gap="md">
        <Anchor renderRoot={(props) => <Link {...props} to={paths.people} search={{ kind: 'student', person: accepted.student_id }} />}>{t('transfers.accepted-card')}</Anchor>
        <Button variant="default" onClick={onAgain}>
          {t('transfers.accept-another')}
        </Button>
      </Group>
    </Stack>
  )
}
