// Leaving the page with unsaved changes asks. Drafts may be kept all the same: closing a tab is often a slip.
import { useEffect } from 'react'

export function useLeaveGuard(dirty: boolean) {
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
}
