// Where the keyboard was before a window that opened by itself, in the middle of a write: what asked is busy then, and has lost it.
import { useEffect, useRef } from 'react'

/** Remembers what had the keyboard before `opened`, and gives it back afterwards, as soon as it can be used again. */
export function useFocusBack(opened: boolean) {
  const last = useRef<HTMLElement>(undefined)
  useEffect(() => {
    if (opened) {
      const asker = last.current
      return () => giveBack(asker)
    }
    const note = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement) last.current = target
    }
    document.addEventListener('focusin', note)
    return () => document.removeEventListener('focusin', note)
  }, [opened])
}

function giveBack(asker: HTMLElement | undefined) {
  if (!asker?.isConnected) return
  if (!asker.matches('[data-loading]')) {
    usable(asker)?.focus({ preventScroll: true })
    return
  }
  const observer = new MutationObserver(() => {
    if (asker.matches('[data-loading]')) return
    observer.disconnect()
    // Somebody who went elsewhere meanwhile stays there.
    if (document.activeElement === null || document.activeElement === document.body) usable(asker)?.focus({ preventScroll: true })
  })
  observer.observe(asker, { attributes: true, attributeFilter: ['data-loading', 'disabled'] })
}

/** A button that has nothing to send any more takes no focus: the first field of its form does. */
function usable(asker: HTMLElement): HTMLElement | null | undefined {
  if (!asker.matches(':disabled')) return asker
  return asker.closest('form')?.querySelector<HTMLElement>(':is(input, select, textarea):not(:disabled)')
}
