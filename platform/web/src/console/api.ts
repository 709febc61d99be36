// The console's door to its own host, and the cache behind it.
import createQueries from 'openapi-react-query'
import { createClient, type Answer, type Body } from '~/api/client'
import type { operations, paths as Specs } from '~/api/generated/console'
import { createQueryClient } from '~/api/query'

export const base = '/api/console'
export const queryClient = createQueryClient()

/** A session that ended: who reads is asked again, and the sign-in page stands where the page was. */
function signedOut() {
  void queryClient.invalidateQueries({ queryKey: ['get', '/session'] })
}

export const client = createClient<Specs>({ baseUrl: base, onSignedOut: signedOut })
export const api = createQueries(client)

export type ConsoleAnswer<Name extends keyof operations> = Answer<operations[Name]>
export type ConsoleBody<Name extends keyof operations> = Body<operations[Name]>
