// Every path of the portal, without the school's slug (the router's base). Pages link to these, never to literals.
export const paths = {
  desk: '/',
  family: '/family',
  people: '/people',
  import: '/import',
  transfers: '/transfers',
  credentials: '/credentials',
  calendar: '/calendar',
  bells: '/bells',
  classes: '/classes',
  subjects: '/subjects',
  loads: '/loads',
  lessons: '/lessons',
  journal: '/journal',
  roles: '/roles',
  audit: '/audit',
  account: '/account',
} as const

/** The school of this page: the first segment of the address. Another school is another page load. */
export const slug = location.pathname.split('/')[1] ?? ''

/** Pages outside the portal, on the same host. */
export const outside = {
  signIn: (next?: string) => (next ? `/?next=${encodeURIComponent(next)}` : '/'),
  school: (other: string) => `/${other}/`,
  terms: '/agreements/terms',
} as const
