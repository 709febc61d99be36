// A proof of the own identity in the middle of a session: a write that needs one waits here until the dialog was answered.
import { useSyncExternalStore } from 'react'

/** The server's word for it. */
export const STEP_UP = 'accounts.step-up-needed'

type Settle = (proven: boolean) => void

let waiting: Settle[] = []
const listeners = new Set<() => void>()

function tell() {
  for (const listener of listeners) listener()
}

/** Asks for a proof; true once it was given. Several writes that wait share one dialog. */
export function askProof(): Promise<boolean> {
  return new Promise((settle) => {
    waiting = [...waiting, settle]
    tell()
  })
}

/** The dialog was answered, or closed. */
export function answerProof(proven: boolean) {
  const all = waiting
  waiting = []
  tell()
  for (const settle of all) settle(proven)
}

/** Whether somebody waits for a proof. */
export function useProofAsked(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => waiting.length > 0,
  )
}
