// Shows the dialog of a proof while a write waits for one; its code is loaded then.
import { lazy, Suspense } from 'react'
import { useProofAsked } from './stepUp'

const StepUp = lazy(async () => ({ default: (await import('./StepUp')).StepUp }))

export function StepUpGate() {
  const asked = useProofAsked()
  if (!asked) return null
  return (
    <Suspense>
      <StepUp />
    </Suspense>
  )
}
