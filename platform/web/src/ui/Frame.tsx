// The frame of every page: skip link, head, navigation (left for staff, at the bottom of a phone for families), content, foot.
// Which links there are, and how a link is drawn, is told from outside: ui knows no route.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import classes from './Frame.module.css'
import { useT } from './text'

interface Props {
  /** Name of the product or the school, usually a link home. */
  brand: ReactNode
  /** At the right of the head: who is signed in, sign out. */
  head?: ReactNode
  /** `<li>` elements with links. */
  nav?: ReactNode
  /** Where the links go on a phone: behind "Menu" for staff, a bar at the bottom for families. */
  phoneNav?: 'menu' | 'bar'
  /** Which page this is: the menu of a phone closes when it changes. */
  place?: string
  /** Language and theme. */
  foot: ReactNode
  /** Narrow for reading and forms, wide for tables. */
  width?: 'narrow' | 'wide'
  children: ReactNode
}

export function Frame({ brand, head, nav, phoneNav = 'menu', place = '', foot, width = 'wide', children }: Props) {
  const t = useT()
  const [openedAt, setOpenedAt] = useState<string>()
  const opened = openedAt === place
  const menu = nav !== undefined && phoneNav === 'menu'
  return (
    <div className={classes.frame} data-nav={nav ? phoneNav : undefined} data-width={width}>
      <a className="k-skip" href="#main">
        {t('ui.skip')}
      </a>
      <header className={classes.head}>
        <div className={classes.brand}>{brand}</div>
        {menu && (
          <Button
            className={classes.toggle}
            variant="default"
            size="compact-md"
            aria-expanded={opened}
            aria-controls="k-nav"
            onClick={() => setOpenedAt(opened ? undefined : place)}
          >
            {t('ui.menu')}
          </Button>
        )}
        {head && <div className={classes.aside}>{head}</div>}
      </header>
      {nav && (
        <nav id="k-nav" aria-label={t('ui.nav')} className={classes.nav} data-opened={opened || undefined}>
          <ul>{nav}</ul>
        </nav>
      )}
      <main id="main" tabIndex={-1} className={classes.main}>
        {children}
      </main>
      <footer className={classes.foot}>{foot}</footer>
    </div>
  )
}
