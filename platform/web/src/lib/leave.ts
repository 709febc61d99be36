// Leaving the page with unsaved changes asks, except where the leaving is our own doing: signed in, sent, or the session ended.
// Drafts are kept all the same: closing a tab is often a slip.
import { useEffect } from 'react'

let ours = false

/** To another document, without a question. */
export function leaveFor(url: string) {
  ours = true
  location.assign(url)
}

export function useLeaveGuard(dirty: boolean) {
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => {
      if (!ours) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
}
