// What the page of credentials asks for, and what is forgotten after each change.
import { api, client, type PortalAnswer, type PortalBody } from '~/portal/api'
import { forget } from '~/portal/dictionaries'

export type Sheet = PortalAnswer<'sheet_read'>
export type SheetNew = PortalBody<'sheet_issue'>
export type BoardRow = PortalAnswer<'credential_board'>[number]
export type WaitingRow = PortalAnswer<'credential_waiting'>[number]

export const sheetList = () => api.queryOptions('get', '/sheets', {}, { staleTime: 0 })
export const sheetRead = (id: string) => api.queryOptions('get', '/sheets/{id}', { params: { path: { id } } })
export const board = () => api.queryOptions('get', '/credentials/board', {}, { staleTime: 0 })
export const heading = () => api.queryOptions('get', '/credentials/heading')
export const waiting = (class_id?: string) =>
  api.queryOptions('get', '/credentials/waiting', { params: { query: { ...(class_id && { class_id }) } } }, { staleTime: 0 })
export const history = (id: string) => api.queryOptions('get', '/people/{id}/credential', { params: { path: { id } } }, { staleTime: 0 })

/** Everything on the page that a change of credentials may touch is asked again. */
export const forgetAll = () =>
  forget('/sheets', '/sheets/{id}', '/credentials/board', '/credentials/waiting', '/people/{id}/credential', '/people/search')

/** Letters to those of a selection who have an address. */
export async function writeLetters(body: SheetNew) {
  const { data } = await client.POST('/credentials/letters', { body })
  await forgetAll()
  return data
}
