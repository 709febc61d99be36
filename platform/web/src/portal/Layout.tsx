// The frame around every page of the portal: school, navigation by who reads, sign-out, language.
import { Anchor, Button, NativeSelect } from '@mantine/core'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
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
import { outside, paths, slug } from './paths'
import { StepUpGate } from './StepUpGate'

const site = createClient<SignupSpecs>({ baseUrl: '/api/signup' })

async function signOut() {
  await site.DELETE('/session').catch(() => undefined)
  sessionStorage.clear()
  leaveFor(outside.signIn())
}

export function Layout() {
  const t = useT()
  const me = useMe()
  const { language } = useLanguage()
  const place = useLocation({ select: (location) => location.pathname })
  return (
    <Frame
      place={place}
      brand={<Link to={paths.desk}>{named(me.school, 'name', language)}</Link>}
      head={
        <>
          <SchoolChoice />
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

/** Someone who works at two schools goes from one to the other here. */
function SchoolChoice() {
  const t = useT()
  const me = useMe()
  const { language } = useLanguage()
  if (me.schools.length < 2) return null
  return (
    <NativeSelect
      size="xs"
      aria-label={t('portal.school')}
      value={slug}
      onChange={(event) => leaveFor(outside.school(event.currentTarget.value))}
      data={me.schools.map((school) => ({ value: school.slug, label: named(school, 'name', language) }))}
    />
  )
}
