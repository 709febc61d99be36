// The public site's door to the server, and the cache behind it.
import createQueries from 'openapi-react-query'
import { createClient, type Answer, type Body } from '~/api/client'
import type { operations, paths as Specs } from '~/api/generated/signup'
import { createQueryClient } from '~/api/query'

export const base = '/api/signup'
export const client = createClient<Specs>({ baseUrl: base })
export const api = createQueries(client)
export const queryClient = createQueryClient()

export type SignupAnswer<Name extends keyof operations> = Answer<operations[Name]>
export type SignupBody<Name extends keyof operations> = Body<operations[Name]>
