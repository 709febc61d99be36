// Draws a component as an entry would: theme, words, a fresh cache. And answers its requests from a list.
import { MantineProvider } from '@mantine/core'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { vi } from 'vitest'
import type { Language } from '~/lib/language'
import { familyTheme } from '~/ui/theme'
import { loadWords, type Entry } from './words'

interface Options {
  entry?: Entry
  language?: Language
  queries?: QueryClient
}

export function show(page: ReactNode, { entry = 'portal', language = 'en', queries }: Options = {}) {
  loadWords(entry, language)
  const cache = queries ?? new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const drawn = render(
    <MantineProvider theme={familyTheme} env="test">
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={cache}>{page}</QueryClientProvider>
      </I18nProvider>
    </MantineProvider>,
  )
  return { ...drawn, user: userEvent.setup(), cache }
}

export interface Sent {
  method: string
  path: string
  headers: Headers
  body: unknown
}

type Reply = { status?: number; body?: unknown; headers?: Record<string, string> } | Error

/**
 * Puts a server in place of `fetch`: `serve({ 'GET /api/portal/x/me': { body } })`. A reply may be a function of what was sent.
 * Returns the list of requests as they came; one that is not listed answers 404.
 */
export function serve(replies: Record<string, Reply | ((sent: Sent) => Reply)>): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    const text = await request.clone().text()
    const path = new URL(request.url).pathname
    const one: Sent = { method: request.method, path, headers: request.headers, body: text ? JSON.parse(text) : undefined }
    sent.push(one)
    const listed = replies[`${request.method} ${path}`]
    const reply = typeof listed === 'function' ? listed(one) : listed
    if (reply instanceof Error) throw reply
    const { status = reply ? 200 : 404, body, headers } = reply ?? {}
    const type = status >= 400 ? 'application/problem+json' : 'application/json'
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'content-type': type, ...headers } })
  })
  return sent
}
