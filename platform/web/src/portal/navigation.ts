// The links of the portal's navigation, in order. A row is shown when `shown` says so for this reader.
import { may } from '~/lib/may'
import { isStaff, type Me } from './me'
import { paths } from './paths'

export interface NavRow {
  to: (typeof paths)[keyof typeof paths]
  /** Id of its words. */
  label: string
  shown: (me: Me) => boolean
}

export const rows: NavRow[] = [
  { to: paths.desk, label: 'portal.nav.desk', shown: () => true },
  { to: paths.family, label: 'portal.nav.family', shown: (me) => isStaff(me) && me.children.length > 0 },
  { to: paths.journal, label: 'journal.title', shown: (me) => may(me, 'journal.see') && isStaff(me) },
  { to: paths.people, label: 'portal.nav.people', shown: (me) => may(me, 'people.search') },
  { to: paths.credentials, label: 'portal.nav.credentials', shown: (me) => may(me, 'credential.board') },
  { to: paths.classes, label: 'portal.nav.classes', shown: (me) => may(me, 'class.see') },
  { to: paths.subjects, label: 'portal.nav.subjects', shown: (me) => may(me, 'class.see') },
  { to: paths.loads, label: 'portal.nav.loads', shown: (me) => may(me, 'class.see') },
  { to: paths.lessons, label: 'portal.nav.lessons', shown: (me) => may(me, 'lesson.see') && isStaff(me) },
  { to: paths.calendar, label: 'portal.nav.calendar', shown: (me) => may(me, 'calendar.see') },
  { to: paths.bells, label: 'portal.nav.bells', shown: (me) => may(me, 'calendar.see') && isStaff(me) },
  { to: paths.roles, label: 'portal.nav.roles', shown: (me) => may(me, 'role.see') },
  { to: paths.audit, label: 'portal.nav.audit', shown: (me) => may(me, 'audit.see') },
]

export function navigation(me: Me): NavRow[] {
  return rows.filter((row) => row.shown(me))
}

export const phoneNav = (me: Me) => (isStaff(me) ? 'menu' : 'bar') as 'menu' | 'bar'
