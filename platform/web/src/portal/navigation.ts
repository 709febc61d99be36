// The links of the portal's navigation, in order. A row is shown when `shown` says so for this reader.
import { isStaff, type Me } from './me'
import { paths } from './paths'

export interface NavRow {
  to: (typeof paths)[keyof typeof paths]
  /** Id of its words. */
  label: string
  shown: (me: Me) => boolean
}

export const rows: NavRow[] = [{ to: paths.desk, label: 'portal.nav.desk', shown: () => true }]

export function navigation(me: Me): NavRow[] {
  return rows.filter((row) => row.shown(me))
}

export const phoneNav = (me: Me) => (isStaff(me) ? 'menu' : 'bar') as 'menu' | 'bar'
