// Which operator is signed in.
import { useSuspenseQuery } from '@tanstack/react-query'
import { api, client, queryClient } from './api'

export const operatorRead = () => api.queryOptions('get', '/session', {}, { staleTime: 60_000 })

/** The login; the pages behind the sign-in always have one. */
export function useOperator(): string {
  return useSuspenseQuery(operatorRead()).data.login ?? ''
}

export async function signOut() {
  await client.DELETE('/session')
  queryClient.clear()
  location.assign('/')
}
