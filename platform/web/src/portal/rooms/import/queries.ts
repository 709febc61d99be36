// What the import's page asks for and sends, and what is forgotten after each change.
import { Problem, isProblem } from '~/api/problem'
import { api, client, queryClient, type PortalAnswer, type PortalBody } from '~/portal/api'
import { forget } from '~/portal/dictionaries'
import type { ImportSearch } from '~/portal/searches'
import type { Translate } from '~/ui/text'

export type Import = PortalAnswer<'import_read'>
export type ImportTable = Import['tables'][number]
export type Subject = NonNullable<ImportTable['subject']>
export type Field = NonNullable<ImportTable['columns'][number]['field']>
export type ImportRows = PortalAnswer<'import_rows'>
export type ImportRow = ImportRows['rows'][number]
export type ImportNew = PortalBody<'import_begin'>
type Part = Omit<ImportSearch, 'id'>

/** Rows that are shown at once. */
export const PAGE = 50

export const isAtWork = ({ state }: Import) => state === 'queued' || state === 'running' || state === 'undoing'

export const importList = () => api.queryOptions('get', '/imports', {}, { staleTime: 0 })
export const importRead = (id: string) => api.queryOptions('get', '/imports/{id}', { params: { path: { id } } }, { staleTime: 0 })
export const importRows = (id: string, { outcome, table, offset }: Part) => {
  const query = { limit: PAGE, ...(outcome && { outcome }), ...(table !== undefined && { table }), ...(offset && { offset }) }
  return api.queryOptions('get', '/imports/{id}/rows', { params: { path: { id }, query } }, { staleTime: 0 })
}

/** Everything that is shown of imports is asked again; after one was written or taken back, people too. */
export const forgetImports = (people = false) =>
  forget('/imports', '/imports/{id}', '/imports/{id}/rows', ...(people ? ['/people/search', '/classes', '/credentials/board'] : []))

/** How the import stands now, as a change was answered; its rows are asked again. */
function keep(next: Import | undefined) {
  if (next) queryClient.setQueryData(importRead(next.id).queryKey, next)
  void forget('/imports', '/imports/{id}/rows')
}

export async function begin(body: ImportNew) {
  const { data } = await client.POST('/imports', { body })
  keep(data)
  return data
}

export async function mapColumns(id: string, body: PortalBody<'import_map'>) {
  const { data } = await client.PUT('/imports/{id}/columns', { params: { path: { id } }, body })
  keep(data)
}

/** Sends a row; its place in the part that is shown gets what the server made of it at once. */
export async function mend(id: string, row: string, part: Part, body: PortalBody<'import_mend'>) {
  const { data } = await client.PUT('/imports/{id}/rows/{row}', { params: { path: { id, row } }, body })
  if (data) {
    queryClient.setQueryData(importRows(id, part).queryKey, (old: ImportRows | undefined) =>
      old && { ...old, rows: old.rows.map((one) => (one.id === row ? data.row : one)) },
    )
  }
  keep(data?.import)
  return data?.row
}

export type Act = 'commit' | 'undo' | 'drop' | 'leave-out'

/** Writes all, takes all back, gives the file up, or leaves out what cannot be done. */
export async function act(what: Act, { id, version }: Import) {
  const params = { path: { id } }
  const answers = {
    commit: () => client.POST('/imports/{id}/commit', { params, body: { version } }),
    undo: () => client.POST('/imports/{id}/undo', { params, body: { version } }),
    'leave-out': () => client.POST('/imports/{id}/leave-out', { params, body: { version } }),
    drop: () => client.POST('/imports/{id}/drop', { params, body: {} }),
  }
  const { data } = await answers[what]()
  keep(data)
}

/** A refusal whose detail is a number of people or rows says it as a sentence. */
export function counted(error: unknown, t: Translate): unknown {
  if (!isProblem(error) || !error.detail) return error
  const count = Number(error.detail)
  if (error.code === 'import.depended-on') return new Problem({ ...error, detail: t('import.depended', { count }) })
  if (error.code === 'import.has-errors') return new Problem({ ...error, detail: t('import.errors-left', { count }) })
  return error
}
