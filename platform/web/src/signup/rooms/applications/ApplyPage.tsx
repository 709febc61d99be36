// The application of a school: one page in four groups, kept in the browser while it is typed; after sending, what happens next.
import { useState } from 'react'
import { readDraft, dropDraft, keepDraft } from '~/lib/draft'
import type { SignupAnswer } from '~/signup/api'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { ApplyForm } from './ApplyForm'
import { SentNote } from './SentNote'

export type Sent = SignupAnswer<'application_send'> & { email: string }

/** The answer survives a reload of the page: it holds the number. */
const KEPT = 'application-sent'
const NOTHING: { sent?: Sent } = {}

export function ApplyPage() {
  const t = useT()
  const [sent, setSent] = useState(() => readDraft(KEPT, NOTHING).sent)
  if (sent) {
    const another = () => {
      dropDraft(KEPT)
      setSent(undefined)
    }
    return <SentNote sent={sent} onAnother={another} />
  }
  return (
    <>
      <PageHead title={t('signup-apply.title')} lead={t('signup-apply.lead')} />
      <ApplyForm
        onSent={(answer) => {
          keepDraft(KEPT, { sent: answer })
          setSent(answer)
          window.scrollTo(0, 0)
        }}
      />
    </>
  )
}
