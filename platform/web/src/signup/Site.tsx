// The public site: theme, and what stands around its pages.
import { Suspense } from 'react'
import { Lines } from '~/ui/DataState'
import { Look } from '~/ui/Look'
import { familyTheme } from '~/ui/theme'
import { Layout } from './Layout'
import { Routes } from './routes'

export function Site() {
  return (
    <Look theme={familyTheme}>
      <Layout>
        <Suspense fallback={<Lines />}>
          <Routes />
        </Suspense>
      </Layout>
    </Look>
  )
}
