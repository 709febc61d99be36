// What the operators ask of schools, and how they steer their making.
import { api, queryClient, type ConsoleAnswer } from '~/console/api'

export type School = ConsoleAnswer<'school_read'>

export const schoolList = () => api.queryOptions('get', '/schools', {}, { refetchInterval: 60_000 })

/** While the service is being made or unmade, it is asked again. */
export const schoolRead = (id: string) =>
  api.queryOptions(
    'get',
    '/schools/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (state.data?.service.state === 'provisioning' ? 1_500 : 30_000) },
  )

const settled = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['get', '/schools'] }),
    queryClient.invalidateQueries({ queryKey: ['get', '/schools/{id}'] }),
    queryClient.invalidateQueries({ queryKey: ['get', '/desk'] }),
  ])

export const useRetry = () => api.useMutation('post', '/schools/{id}/provisioning/retry', { onSettled: settled })
export const useRollBack = () => api.useMutation('post', '/schools/{id}/provisioning/rollback', { onSettled: settled })
