// How each entry starts: words first (no flash of ids), then one tree of providers.
import '~/ui/base.css'
import '@mantine/core/styles/baseline.layer.css'
import '@mantine/core/styles/global.layer.css'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { addWords, type Catalogues } from './language'

export async function start(catalogues: Catalogues, queries: QueryClient, app: ReactNode) {
  await addWords(catalogues)
  const root = document.getElementById('root')
  if (!root) return
  createRoot(root).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={queries}>{app}</QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  )
}
