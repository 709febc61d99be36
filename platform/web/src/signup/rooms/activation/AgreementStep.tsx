// The third step: the school's requisites as the application gave them, the agreement drawn up from them, and the signature.
import { useState } from 'react'
import { Button, Stack, Text } from '@mantine/core'
import { formatDate } from '~/lib/dates'
import { useT } from '~/ui/text'
import { AgreementDocument } from './AgreementDocument'
import classes from './AgreementStep.module.css'
import type { Activation } from './queries'
import { Requisites } from './Requisites'
import { Signature } from './Signature'

export function AgreementStep({ activation }: { activation: Activation }) {
  const t = useT()
  const { agreement } = activation
  const [editing, setEditing] = useState(agreement === undefined)
  return (
    <div className={classes.sides}>
      <div>
        {editing || !agreement ? (
          <Requisites activation={activation} onDrawn={() => setEditing(false)} />
        ) : (
          <Stack>
            <Text>{t('signup-activate.drawn', { number: agreement.number, date: formatDate(agreement.date) })}</Text>
            <Text c="dimmed">{t('signup-activate.read-it')}</Text>
            <div>
              <Button variant="default" onClick={() => setEditing(true)}>
                {t('signup-activate.mend')}
              </Button>
            </div>
            <Signature agreement={agreement} director={activation.application.director} />
          </Stack>
        )}
      </div>
      {agreement && <AgreementDocument agreement={agreement} />}
    </div>
  )
}
