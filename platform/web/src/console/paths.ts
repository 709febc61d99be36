// Every path of the console. Pages link to these, never to literals.
export const paths = {
  desk: '/',
} as const
