// What the browser's session is: none, begun registering, or signed in.
import { api } from './api'

export const sessionRead = () => api.queryOptions('get', '/session', {}, { staleTime: 30_000 })
