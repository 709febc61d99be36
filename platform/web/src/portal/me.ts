// Who reads: profile, roles, rights, school. Loaded before anything is drawn, so `useMe` always has it.
import { useSuspenseQuery } from '@tanstack/react-query'
import { api, type PortalAnswer } from './api'

export type Me = PortalAnswer<'me_read'>

export const meRead = () => api.queryOptions('get', '/me', {}, { staleTime: 5 * 60_000 })

export function useMe(): Me {
  return useSuspenseQuery(meRead()).data
}

const STAFF: readonly string[] = ['administrator', 'editor', 'class_teacher', 'teacher']

/** Decides density and where the navigation stands; rights are asked of `may`, never of a role. */
export function isStaff(me: Me): boolean {
  return me.roles.some((role) => STAFF.includes(role))
}
