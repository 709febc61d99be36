// The own account as the portal reads it.
import { api, queryClient, type PortalAnswer } from './api'

export type Account = PortalAnswer<'account_read'>

export const accountRead = () => api.queryOptions('get', '/account')

/** After a change the account is read anew. */
export const accountChanged = () => queryClient.invalidateQueries({ queryKey: accountRead().queryKey })
