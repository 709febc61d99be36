// The cache of what was read. A refusal is not asked again; a broken line is, twice.
import { QueryClient } from '@tanstack/react-query'
import { isProblem } from './problem'

export function createQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < 2 && isProblem(error) && (error.status === 0 || error.status >= 502),
        retryDelay: (attempt) => 500 * 2 ** attempt,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  })
}
