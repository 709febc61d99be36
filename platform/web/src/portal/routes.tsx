// Every page of the portal. Pages are lazy; dates, tabs and ids live in the address, names of people never.
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { ErrorPage, NotFoundPage } from '~/lib/pages'
import { Lines } from '~/ui/DataState'
import { queryClient } from './api'
import { accountRead } from './account'
import { calendarRead, classList, loadList, subjectList } from './dictionaries'
import { journalSearch, type JournalSearch } from './journalSearch'
import { Layout } from './Layout'
import { outside, paths, slug } from './paths'
import {
  auditSearch,
  credentialsSearch,
  familySearch,
  importSearch,
  lessonsSearch,
  peopleSearch,
  rolesSearch,
  type AuditSearch,
  type FamilySearch,
  type ImportSearch,
  type LessonsSearch,
  type PeopleSearch,
  type RolesSearch,
} from './searches'

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Layout })

const desk = createRoute({
  getParentRoute: () => root,
  path: paths.desk,
  component: lazyRouteComponent(() => import('./rooms/desk/DeskPage'), 'DeskPage'),
})

const family = createRoute({
  getParentRoute: () => root,
  path: paths.family,
  validateSearch: (search): FamilySearch => familySearch(search),
  component: lazyRouteComponent(() => import('./rooms/desk/FamilyPage'), 'FamilyPage'),
})

const people = createRoute({
  getParentRoute: () => root,
  path: paths.people,
  validateSearch: (search): PeopleSearch => peopleSearch(search),
  loader: ({ context }) => void context.queryClient.prefetchQuery(classList()),
  component: lazyRouteComponent(() => import('./rooms/people/PeoplePage'), 'PeoplePage'),
})

const moving = createRoute({
  getParentRoute: () => root,
  path: paths.import,
  validateSearch: (search): ImportSearch => importSearch(search),
  component: lazyRouteComponent(() => import('./rooms/import/ImportPage'), 'ImportPage'),
})

const transfers = createRoute({
  getParentRoute: () => root,
  path: paths.transfers,
  loader: ({ context }) => void context.queryClient.prefetchQuery(classList()),
  component: lazyRouteComponent(() => import('./rooms/transfers/TransfersPage'), 'TransfersPage'),
})

const credentials = createRoute({
  getParentRoute: () => root,
  path: paths.credentials,
  validateSearch: credentialsSearch,
  component: lazyRouteComponent(() => import('./rooms/credentials/CredentialsPage'), 'CredentialsPage'),
})

const account = createRoute({
  getParentRoute: () => root,
  path: paths.account,
  loader: ({ context }) => void context.queryClient.prefetchQuery(accountRead()),
  component: lazyRouteComponent(() => import('./rooms/account/AccountPage'), 'AccountPage'),
})

const calendar = createRoute({
  getParentRoute: () => root,
  path: paths.calendar,
  loader: ({ context }) => void context.queryClient.prefetchQuery(calendarRead()),
  component: lazyRouteComponent(() => import('./rooms/calendar/CalendarPage'), 'CalendarPage'),
})

const bells = createRoute({
  getParentRoute: () => root,
  path: paths.bells,
  loader: ({ context }) => void context.queryClient.prefetchQuery(calendarRead()),
  component: lazyRouteComponent(() => import('./rooms/calendar/BellsPage'), 'BellsPage'),
})

const classes = createRoute({
  getParentRoute: () => root,
  path: paths.classes,
  loader: ({ context }) => void context.queryClient.prefetchQuery(classList()),
  component: lazyRouteComponent(() => import('./rooms/classes/ClassesPage'), 'ClassesPage'),
})

const subjects = createRoute({
  getParentRoute: () => root,
  path: paths.subjects,
  loader: ({ context }) => void context.queryClient.prefetchQuery(subjectList()),
  component: lazyRouteComponent(() => import('./rooms/classes/SubjectsPage'), 'SubjectsPage'),
})

const loads = createRoute({
  getParentRoute: () => root,
  path: paths.loads,
  loader: ({ context }) => void context.queryClient.prefetchQuery(loadList()),
  component: lazyRouteComponent(() => import('./rooms/classes/LoadsPage'), 'LoadsPage'),
})

const lessons = createRoute({
  getParentRoute: () => root,
  path: paths.lessons,
  validateSearch: (search): LessonsSearch => lessonsSearch(search),
  loader: ({ context }) => void context.queryClient.prefetchQuery(classList()),
  component: lazyRouteComponent(() => import('./rooms/timetable/LessonsPage'), 'LessonsPage'),
})

const journal = createRoute({
  getParentRoute: () => root,
  path: paths.journal,
  validateSearch: (search): JournalSearch => journalSearch(search),
  component: lazyRouteComponent(() => import('./rooms/journal/JournalPage'), 'JournalPage'),
})

const roles = createRoute({
  getParentRoute: () => root,
  path: paths.roles,
  validateSearch: (search): RolesSearch => rolesSearch(search),
  component: lazyRouteComponent(() => import('./rooms/roles/RolesPage'), 'RolesPage'),
})

const audit = createRoute({
  getParentRoute: () => root,
  path: paths.audit,
  validateSearch: (search): AuditSearch => auditSearch(search),
  component: lazyRouteComponent(() => import('./rooms/audit/AuditPage'), 'AuditPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([account, 
    desk,
    family,
    people,
    transfers,
    moving,
    credentials,
    calendar,
    bells,
    classes,
    subjects,
    loads,
    lessons,
    journal,
    roles,
    audit,
  ]),
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
