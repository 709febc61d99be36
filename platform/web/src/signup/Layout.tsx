// The frame around every page of the public site: name, languages, state of the service, the user agreement.
import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useLanguage } from '~/lib/useLanguage'
import { Frame } from '~/ui/Frame'
import { LanguageSwitch } from '~/ui/LanguageSwitch'
import { ThemeSwitch } from '~/ui/ThemeSwitch'
import { useT } from '~/ui/text'
import { paths } from './paths'
import { ServiceState } from './ServiceState'

export function Layout({ children }: { children: ReactNode }) {
  const t = useT()
  const { language, choose } = useLanguage()
  return (
    <Frame
      width="narrow"
      brand={<Link href={paths.home}>{t('ui.product')}</Link>}
      head={<LanguageSwitch value={language} onChange={choose} />}
      foot={
        <>
          <ServiceState />
          <Anchor component={Link} href={paths.terms} size="sm">
            {t('signup.terms')}
          </Anchor>
          <ThemeSwitch />
        </>
      }
    >
      {children}
    </Frame>
  )
}
