// Shows the dialog of a proof while a write waits for one; its code is loaded then. The keyboard goes back to what asked.
import { lazy, Suspense } from 'react'
import { useFocusBack } from '~/ui/focusBack'
import { useProofAsked } from './stepUp'

const StepUp = lazy(async () => ({ default: (await import('./StepUp')).StepUp }))

export function StepUpGate() {
  const asked = useProofAsked()
  useFocusBack(asked)
  if (!asked) return null
  return (
    <Suspense>
      <StepUp />
    </Suspense>
  )
}
