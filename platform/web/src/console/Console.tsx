// The console: signed out it is a sign-in page and nothing else.
import { useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Foot } from '~/lib/Foot'
import { ErrorPage } from '~/lib/pages'
import { Lines } from '~/ui/DataState'
import { Frame } from '~/ui/Frame'
import { Look } from '~/ui/Look'
import { useT } from '~/ui/text'
import { staffTheme } from '~/ui/theme'
import { operatorRead } from './operator'
import { SignInPage } from './rooms/session/SignInPage'
import { router } from './routes'

export function Console() {
  const t = useT()
  const session = useQuery(operatorRead())
  return (
    <Look theme={staffTheme}>
      {session.data?.login ? (
        <RouterProvider router={router} />
      ) : (
        <Frame brand={t('console.brand')} foot={<Foot />} width="narrow">
          {session.data && <SignInPage />}
          {!session.data && (session.error ? <ErrorPage error={session.error} onRetry={() => void session.refetch()} /> : <Lines />)}
        </Frame>
      )}
    </Look>
  )
}
