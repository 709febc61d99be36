// Where an application or a school stands, in a word.
import { Badge } from '@mantine/core'
import { useT } from '~/ui/text'
import { colourOf, worded } from './states'

export function StateBadge({ state }: { state: string }) {
  const t = useT()
  return (
    <Badge variant="outline" color={colourOf(state)} tt="none" h="auto" c="var(--mantine-color-text)" styles={{ label: { whiteSpace: 'normal' } }}>
      {worded(t(`console.state.${state}`), state)}
    </Badge>
  )
}
