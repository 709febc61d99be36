// What must be entered before lessons and loads can be given out; the first of it that is not there, with the way to it.
import { Text } from '@mantine/core'
import { useT } from '~/ui/text'
import { paths } from './paths'
import { WayOn } from './WayOn'

/** How many there are of each; nothing while it is not known. */
type Props = Record<'classes' | 'subjects' | 'staff', number | undefined>

export function Lacking({ classes, subjects, staff }: Props) {
  const t = useT()
  if (classes === 0) {
    return (
      <div>
        <Text mb="xs">{t('portal.lacking.classes')}</Text>
        <WayOn act="class.edit" to={paths.classes}>
          {t('portal.nav.classes')}
        </WayOn>
      </div>
    )
  }
  if (subjects === 0) {
    return (
      <div>
        <Text mb="xs">{t('portal.lacking.subjects')}</Text>
        <WayOn act="class.edit" to={paths.subjects}>
          {t('portal.nav.subjects')}
        </WayOn>
      </div>
    )
  }
  if (staff !== 0) return null
  return (
    <div>
      <Text mb="xs">{t('portal.lacking.staff')}</Text>
      <WayOn act="person.add" to={paths.people} search={{ kind: 'staff' }}>
        {t('portal.nav.people')}
      </WayOn>
    </div>
  )
}
