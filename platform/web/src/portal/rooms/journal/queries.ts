// What the journal asks of the server.
import { api, queryClient, type PortalAnswer } from '~/portal/api'

export type Journal = PortalAnswer<'journal_page'>
export type Lesson = Journal['lessons'][number]
export type Student = Journal['students'][number]
export type Choice = PortalAnswer<'journal_choices'>[number]
export type CellChange = PortalAnswer<'cell_history'>[number]

export interface Asked {
  class_id: string
  subject_id: string
  period_id?: string
}

export const journalChoices = () => api.queryOptions('get', '/journal/choices', {}, { staleTime: 5 * 60_000 })
export const journalPage = (asked: Asked) => api.queryOptions('get', '/journal', { params: { query: asked } })
export const cellHistory = (lesson_id: string, student_id: string) =>
  api.queryOptions('get', '/journal/cells/{lesson_id}/{student_id}', { params: { path: { lesson_id, student_id } } }, { staleTime: 0 })

export const refetchJournal = () => queryClient.invalidateQueries({ queryKey: ['get', '/journal'] })

export const useRollTake = () => api.useMutation('put', '/journal/roll', { onSuccess: refetchJournal })
export const useLessonEdit = () => api.useMutation('put', '/lessons/{id}', { onSettled: refetchJournal })
