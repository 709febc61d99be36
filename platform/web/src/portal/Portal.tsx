// The portal from its first byte: who reads is asked first; density follows from that, then the pages.
import { useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Foot } from '~/lib/Foot'
import { ErrorPage, NotFoundPage } from '~/lib/pages'
import { isProblem } from '~/api/problem'
import { Lines } from '~/ui/DataState'
import { Frame } from '~/ui/Frame'
import { Look } from '~/ui/Look'
import { useT } from '~/ui/text'
import { familyTheme, staffTheme } from '~/ui/theme'
import { isStaff, meRead } from './me'
import { outside } from './paths'
import { router } from './routes'

export function Portal() {
  const me = useQuery(meRead())
  const dense = me.data !== undefined && isStaff(me.data)
  return (
    <Look theme={dense ? staffTheme : familyTheme}>
      {me.data ? <RouterProvider router={router} /> : <Before error={me.error} />}
    </Look>
  )
}

function Before({ error }: { error: unknown }) {
  const t = useT()
  // A lost session is already on its way to the sign-in page.
  const waiting = !error || (isProblem(error) && error.status === 401)
  return (
    <Frame brand={<a href={outside.signIn()}>{t('ui.product')}</a>} foot={<Foot />}>
      {waiting && <Lines />}
      {!waiting && isProblem(error) && error.status === 404 && <NotFoundPage home={outside.signIn()} />}
      {!waiting && !(isProblem(error) && error.status === 404) && <ErrorPage error={error} />}
    </Frame>
  )
}
