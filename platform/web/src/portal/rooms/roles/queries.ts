// Who holds which role, and what each role may do.
import { api, type PortalAnswer } from '~/portal/api'

export type Holder = PortalAnswer<'role_list'>[number]
export type Role = Holder['roles'][number]
export type RoleRights = PortalAnswer<'role_rights'>[number]

/** The roles that are given and taken here; that of a guardian follows the children. */
export const GIVEN: readonly Role[] = ['administrator', 'editor', 'class_teacher', 'teacher']

export const roleList = () => api.queryOptions('get', '/roles')
export const roleRights = () => api.queryOptions('get', '/roles/rights', {}, { staleTime: Infinity })
