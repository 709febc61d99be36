// The frame around every page of the console.
import { Button } from '@mantine/core'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { Foot } from '~/lib/Foot'
import { Frame } from '~/ui/Frame'
import { useT } from '~/ui/text'
import { rows } from './navigation'
import { signOut, useOperator } from './operator'
import { paths } from './paths'

export function Layout() {
  const t = useT()
  const login = useOperator()
  const place = useLocation({ select: (location) => location.pathname })
  return (
    <Frame
      place={place}
      brand={<Link to={paths.desk}>{t('console.brand')}</Link>}
      head={
        <>
          <span>{login}</span>
          <Button variant="subtle" size="compact-sm" onClick={() => void signOut()}>
            {t('ui.sign-out')}
          </Button>
        </>
      }
      nav={rows.map((row) => (
        <li key={row.to}>
          <Link to={row.to} activeOptions={{ exact: row.to === paths.desk }}>
            {t(row.label)}
          </Link>
        </li>
      ))}
      foot={<Foot />}
    >
      <Outlet />
    </Frame>
  )
}
