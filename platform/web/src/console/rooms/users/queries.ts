// What the operators ask of users, and how they keep one out or let one in again.
import { api, queryClient, type ConsoleAnswer } from '~/console/api'

export type User = ConsoleAnswer<'user_find'>
export type Nature = NonNullable<User['restriction']>['nature']
export const NATURES: Nature[] = ['rules', 'law', 'rights', 'automation', 'security']

export const restrictionList = () => api.queryOptions('get', '/users/restricted', {}, { refetchInterval: 60_000 })

const settled = () => queryClient.invalidateQueries({ queryKey: ['get', '/users/restricted'] })

export const useRestrict = () => api.useMutation('post', '/users/{id}/restriction', { onSettled: settled })
export const useRelease = () => api.useMutation('post', '/users/{id}/release', { onSettled: settled })
