// Every path of the public site, and the ways out of it into a school.
export const paths = {
  home: '/',
  apply: '/apply',
  register: '/register',
  activate: '/activate',
  recover: '/recover',
  terms: '/agreements/terms',
} as const

export const school = (slug: string) => `/${slug}/`

/** Where a sign-in goes afterwards, if that lies in one of the reader's schools; anything else is ignored. */
export function safeNext(search: string, slugs: string[]): string | undefined {
  const next = new URLSearchParams(search).get('next')
  if (!next?.startsWith('/')) return undefined
  const url = new URL(next, location.origin)
  // Given to the address as parsed: `//elsewhere` and backslashes have become another origin by now.
  if (url.origin !== location.origin) return undefined
  return slugs.includes(url.pathname.split('/')[1] ?? '') ? url.pathname + url.search : undefined
}

/** The login that a QR code carries in the fragment, which is never sent to a server: `#login=…` */
export function loginOf(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('login') ?? ''
}

/** The token that a letter's link carries in the fragment; nothing where there is none. */
export function tokenOf(hash: string): string | undefined {
  return /^#([0-9a-f]{64})$/.exec(hash)?.[1]
}
