// Every page of the portal. Pages are lazy; dates, tabs and ids live in the address, names of people never.
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { ErrorPage, NotFoundPage } from '~/lib/pages'
import { Lines } from '~/ui/DataState'
import { queryClient } from './api'
import { Layout } from './Layout'
import { outside, paths, slug } from './paths'

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Layout })

const desk = createRoute({
  getParentRoute: () => root,
  path: paths.desk,
  component: lazyRouteComponent(() => import('./rooms/desk/DeskPage'), 'DeskPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([desk]),
  basepath: `/${slug}`,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: () => <Lines />,
  defaultPendingMs: 200,
  defaultErrorComponent: ({ error, reset }) => <ErrorPage error={error} onRetry={reset} />,
  defaultNotFoundComponent: () => <NotFoundPage home={outside.school(slug)} />,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
