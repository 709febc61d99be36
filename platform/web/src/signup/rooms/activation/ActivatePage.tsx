// Activation of a school in four steps: account, user agreement, agreement, service. The rail shows where one is.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLanguage, named } from '~/lib/useLanguage'
import { NewcomerState } from '~/signup/NewcomerState'
import { PageHead } from '~/ui/PageHead'
import { Rail } from '~/ui/Rail'
import { useT } from '~/ui/text'
import { AccountStep } from './AccountStep'
import { AgreementStep } from './AgreementStep'
import { activationRead, type Activation } from './queries'
import { ServiceStep } from './ServiceStep'

export function ActivatePage() {
  const activation = useQuery(activationRead())
  return <NewcomerState query={activation}>{(read) => <Steps activation={read} />}</NewcomerState>
}

function Steps({ activation }: { activation: Activation }) {
  const t = useT()
  const { language } = useLanguage()
  const { step } = activation
  // Account and user agreement are one request; which of the two is shown is this page's own matter.
  const [terms, setTerms] = useState(false)
  const at = step === 'account' ? (terms ? 1 : 0) : step === 'agreement' ? 2 : step === 'service' ? 3 : 4
  const titles = ['account', 'terms', 'agreement', 'service'].map((name) => t(`signup-activate.step.${name}`))
  return (
    <>
      <Rail label={t('signup-activate.rail')} steps={titles} current={at} />
      <PageHead key={at} focus={at > 0} title={titles[at] ?? t('signup-activate.step.open')} lead={named(activation.application, 'name', language)} />
      {step === 'account' && <AccountStep terms={terms} onTerms={setTerms} />}
      {step === 'agreement' && <AgreementStep activation={activation} />}
      {(step === 'service' || step === 'open') && <ServiceStep activation={activation} />}
    </>
  )
}
