// The portal's door to its own school, and the cache behind it. Rooms make their queries of `api`.
import createQueries from 'openapi-react-query'
import { createClient, type Answer, type Body } from '~/api/client'
import type { operations, paths as Specs } from '~/api/generated/portal'
import { createQueryClient } from '~/api/query'
import { leaveFor } from '~/lib/leave'
import { outside, slug } from './paths'
import { askProof, STEP_UP } from './stepUp'

/** An expired session: to the sign-in page, and back here afterwards. Drafts wait in the browser. */
function signedOut() {
  leaveFor(outside.signIn(location.pathname + location.search))
}

export const base = `/api/portal/${slug}`
export const client = createClient<Specs>({ baseUrl: base, onSignedOut: signedOut, barred: { code: STEP_UP, lift: askProof } })
export const api = createQueries(client)
export const queryClient = createQueryClient()

/** `PortalAnswer<'class_list'>`, `PortalBody<'class_add'>`: types by operation, never by a schema's name. */
export type PortalAnswer<Name extends keyof operations> = Answer<operations[Name]>
export type PortalBody<Name extends keyof operations> = Body<operations[Name]>
