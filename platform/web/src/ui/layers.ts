// Which of the open windows and drawers stands on top: Escape closes that one alone, and one at each press.
// The library asks each of them by itself, so a question and the drawer under it would both go.
import { useEffect, useEffectEvent } from 'react'

/** Closes one of those that are open; the topmost is the last. */
const layers: (() => void)[] = []

function onKey(event: KeyboardEvent) {
  if (event.key !== 'Escape' || event.isComposing || event.repeat) return
  // A list that is open inside is closed first; the library marks its field.
  if (event.target instanceof Element && event.target.getAttribute('data-mantine-stop-propagation') === 'true') return
  layers.at(-1)?.()
}

/** While `opened` it is a layer; Escape closes it when nothing stands over it. */
export function useLayer(opened: boolean, onClose: () => void) {
  const close = useEffectEvent(onClose)
  useEffect(() => {
    if (!opened) return
    const layer = () => close()
    if (layers.length === 0) window.addEventListener('keydown', onKey, { capture: true })
    layers.push(layer)
    return () => {
      layers.splice(layers.indexOf(layer), 1)
      if (layers.length === 0) window.removeEventListener('keydown', onKey, { capture: true })
    }
  }, [opened])
}
