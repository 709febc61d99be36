// "Saved", at the thing itself: a tick that fades, announced to screen readers. A failure is not shown here.
import { Loader, Text } from '@mantine/core'
import classes from './SavedTick.module.css'
import { useT } from './text'

interface Props {
  state: 'idle' | 'saving' | 'saved'
}

export function SavedTick({ state }: Props) {
  const t = useT()
  return (
    <span role="status" className={classes.root}>
      {state === 'saving' && (
        <>
          <Loader size={14} aria-hidden /> <Text span size="sm" c="dimmed">{t('ui.saving')}</Text>
        </>
      )}
      {state === 'saved' && (
        <span className={classes.saved}>
          <span aria-hidden>✓</span> {t('ui.saved')}
        </span>
      )}
    </span>
  )
}
