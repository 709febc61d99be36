// The frame around every page of the portal: school, navigation by who reads, sign-out, language.
import { Anchor, Button } from '@mantine/core'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { createClient } from '~/api/client'
import type { paths as SignupSpecs } from '~/api/generated/signup'
import { Foot } from '~/lib/Foot'
import { named, useLanguage } from '~/lib/useLanguage'
import { shortName } from '~/lib/names'
import { leaveFor } from '~/lib/leave'
import { Frame } from '~/ui/Frame'
import { useT } from '~/ui/text'
import { useMe } from './me'
import { navigation, phoneNav } from './navigation'
import { outside, paths } from './paths'
import { StepUpGate } from './StepUpGate'

const site = createClient<SignupSpecs>({ baseUrl: '/api/signup' })

async function signOut() {
  await site.DELETE('/session').catch(() => undefined)
  sessionStorage.clear()
  leaveFor(outside.signIn())
}

/** Few have a second school: the menu's code is fetched for them alone. */
const SchoolMenu = lazy(async () => ({ default: (await import('./SchoolMenu')).SchoolMenu }))

export function Layout() {
  const t = useT()
  const me = useMe()
  const { language } = useLanguage()
  const place = useLocation({ select: (location) => location.pathname })
  return (
    <Frame
      place={place}
      brand={
        <>
          <Link to={paths.desk}>{named(me.school, 'name', language)}</Link>
          {me.schools.length > 1 && (
            <Suspense>
              <SchoolMenu />
            </Suspense>
          )}
        </>
      }
      head={
        <>
          <Anchor renderRoot={(props) => <Link to={paths.account} {...props} />}>{shortName(me.full_name)}</Anchor>
          <Button variant="subtle" size="compact-sm" onClick={() => void signOut()}>
            {t('ui.sign-out')}
          </Button>
        </>
      }
      phoneNav={phoneNav(me)}
      nav={navigation(me).map((row) => (
        <li key={row.to}>
          <Link to={row.to} activeOptions={{ exact: row.to === paths.desk }}>
            {t(row.label)}
          </Link>
        </li>
      ))}
      foot={
        <>
          <Foot />
          <Anchor href={outside.terms} size="sm">
            {t('portal.terms')}
          </Anchor>
        </>
      }
    >
      <Outlet />
      <StepUpGate />
    </Frame>
  )
}
