// The links of the console's navigation, in order.
import { paths } from './paths'

export interface NavRow {
  to: (typeof paths)[keyof typeof paths]
  /** Id of its words. */
  label: string
}

export const rows: NavRow[] = [{ to: paths.desk, label: 'console.nav.desk' }]
