// Every page of the console. Pages are lazy; filters and ids live in the address.
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { ErrorPage, NotFoundPage } from '~/lib/pages'
import { Lines } from '~/ui/DataState'
import { queryClient } from './api'
import { Layout } from './Layout'
import { paths } from './paths'
import { applicationState, type ApplicationState } from './states'

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Layout })

const desk = createRoute({
  getParentRoute: () => root,
  path: paths.desk,
  component: lazyRouteComponent(() => import('./rooms/desk/DeskPage'), 'DeskPage'),
})

const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined)

const applications = createRoute({
  getParentRoute: () => root,
  path: paths.applications,
  validateSearch: (search): { state?: ApplicationState; find?: string } => ({ state: applicationState(search.state), find: text(search.find) }),
  component: lazyRouteComponent(() => import('./rooms/applications/ApplicationsPage'), 'ApplicationsPage'),
})

const application = createRoute({
  getParentRoute: () => root,
  path: paths.application,
  component: lazyRouteComponent(() => import('./rooms/applications/ApplicationPage'), 'ApplicationPage'),
})

const schools = createRoute({
  getParentRoute: () => root,
  path: paths.schools,
  validateSearch: (search): { state?: string; find?: string } => ({ state: text(search.state), find: text(search.find) }),
  component: lazyRouteComponent(() => import('./rooms/schools/SchoolsPage'), 'SchoolsPage'),
})

const school = createRoute({
  getParentRoute: () => root,
  path: paths.school,
  component: lazyRouteComponent(() => import('./rooms/schools/SchoolPage'), 'SchoolPage'),
})

const users = createRoute({
  getParentRoute: () => root,
  path: paths.users,
  component: lazyRouteComponent(() => import('./rooms/users/UsersPage'), 'UsersPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([desk, applications, application, schools, school, users]),
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: () => <Lines />,
  defaultPendingMs: 200,
  defaultErrorComponent: ({ error, reset }) => <ErrorPage error={error} onRetry={reset} />,
  defaultNotFoundComponent: () => <NotFoundPage home={paths.desk} />,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
