// What the operators ask and decide about applications.
import { api, queryClient, type ConsoleAnswer } from '~/console/api'
import type { ApplicationState } from '~/console/states'

export type Application = ConsoleAnswer<'application_read'>

export const applicationList = (state: ApplicationState | undefined) =>
  api.queryOptions('get', '/applications', { params: { query: { state } } }, { refetchInterval: 60_000 })

/** While a letter waits for the mail server, it is asked again. */
export const applicationRead = (id: string) =>
  api.queryOptions(
    'get',
    '/applications/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (state.data?.letters.some((letter) => letter.state === 'queued') ? 2_000 : false) },
  )

/** Also after a refusal: somebody else may have decided meanwhile. */
const settled = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['get', '/applications'] }),
    queryClient.invalidateQueries({ queryKey: ['get', '/applications/{id}'] }),
    queryClient.invalidateQueries({ queryKey: ['get', '/desk'] }),
  ])

export const useLetterPreview = () => api.useMutation('post', '/applications/{id}/letter')
export const useApprove = () => api.useMutation('post', '/applications/{id}/approval', { onSettled: settled })
export const useReject = () => api.useMutation('post', '/applications/{id}/rejection', { onSettled: settled })
export const useInviteAgain = () => api.useMutation('post', '/applications/{id}/invitation', { onSettled: settled })
