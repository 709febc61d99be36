// What the first pages ask for.
import { api, type PortalAnswer } from '~/portal/api'

export type Setup = PortalAnswer<'setup_read'>
export type SetupItem = Setup['items'][number]
export type TeacherLesson = PortalAnswer<'teacher_day'>['lessons'][number]
export type Homeroom = PortalAnswer<'teacher_day'>['homeroom'][number]
export type FamilyDay = PortalAnswer<'family_day'>
export type FamilyLesson = FamilyDay['today']['lessons'][number]
export type SubjectMarks = FamilyDay['subjects'][number]

// One comes back from entering something and wants to see it counted.
export const setupRead = () => api.queryOptions('get', '/desk/setup', {}, { staleTime: 0 })
export const teacherDay = () => api.queryOptions('get', '/desk/teacher', {}, { staleTime: 0 })
export const familyDay = (student_id: string, date: string | undefined) =>
  api.queryOptions('get', '/desk/family', { params: { query: { student_id, date } } }, { staleTime: 0 })
