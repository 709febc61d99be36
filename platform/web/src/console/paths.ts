// Every path of the console. Pages link to these, never to literals.
export const paths = {
  desk: '/',
  applications: '/applications',
  application: '/applications/$id',
  schools: '/schools',
  school: '/schools/$id',
  users: '/users',
} as const
