// The links of the console's navigation, in order.
import { paths } from './paths'

export interface NavRow {
  to: typeof paths.desk | typeof paths.applications | typeof paths.schools | typeof paths.users
  /** Id of its words. */
  label: string
}

export const rows: NavRow[] = [
  { to: paths.desk, label: 'console.nav.desk' },
  { to: paths.applications, label: 'console.nav.applications' },
  { to: paths.schools, label: 'console.nav.schools' },
  { to: paths.users, label: 'console.nav.users' },
]
