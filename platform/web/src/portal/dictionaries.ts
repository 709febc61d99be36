// What several rooms of the portal ask for: classes, subjects, loads, staff, the calendar. And how it is forgotten after a change.
import { api, queryClient, type PortalAnswer, type PortalBody } from './api'

export type Class = PortalAnswer<'class_list'>[number]
export type Subject = PortalAnswer<'subject_list'>[number]
export type Load = PortalAnswer<'load_list'>[number]
export type PersonRow = PortalAnswer<'people_search'>['people'][number]

export const classList = () => api.queryOptions('get', '/classes')
export const subjectList = () => api.queryOptions('get', '/subjects')
/** Who teaches which subjects, whatever the load of the year is. */
export const taughtList = () => api.queryOptions('get', '/teachers/subjects')
export const loadList = () => api.queryOptions('get', '/loads')
export const iinSetting = () => api.queryOptions('get', '/iin', {}, { staleTime: 0 })
export const calendarRead = () => api.queryOptions('get', '/calendar')
/** A read, though by POST: names travel in the body. */
export const peopleFound = (body: PortalBody<'people_search'>) => api.queryOptions('post', '/people/search', { body })
/** Reads, though by POST: whose data were shown to whom. */
export const looksFound = (body: PortalBody<'look_search'>) => api.queryOptions('post', '/audit/looks', { body }, { staleTime: 0 })
export const staffList = () => peopleFound({ kind: 'staff', limit: 200 })

/** Everything that was read at these paths is asked again where it is shown. */
export function forget(...paths: string[]) {
  return queryClient.invalidateQueries({ predicate: ({ queryKey }) => paths.includes(String(queryKey[1])) })
}
