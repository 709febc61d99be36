// What happened, in order: when, what, who, and more where there is more to say.
import { Text } from '@mantine/core'
import { formatMoment } from '~/lib/dates'
import { useT } from '~/ui/text'
import classes from './Timeline.module.css'
import { worded } from './states'

interface Happened {
  at: string
  kind: string
  by?: string
  note?: string
}

export function Timeline({ events, label }: { events: Happened[]; label: string }) {
  const t = useT()
  return (
    <ol className={classes.timeline} aria-label={label}>
      {events.map((event, place) => (
        <li key={`${event.at}-${place}`} className={classes.event}>
          <time dateTime={event.at}>{formatMoment(event.at)}</time>
          <div>
            {worded(t(`console.event.${event.kind}`), event.kind)}
            {event.by && ` · ${event.by}`}
            {event.note && (
              <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-wrap' }}>
                {event.note}
              </Text>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}
