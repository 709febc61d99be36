// The foot of every page: language and theme.
import { LanguageSwitch } from '~/ui/LanguageSwitch'
import { ThemeSwitch } from '~/ui/ThemeSwitch'
import { useLanguage } from './useLanguage'

export function Foot() {
  const { language, choose } = useLanguage()
  return (
    <>
      <LanguageSwitch value={language} onChange={choose} />
      <ThemeSwitch />
    </>
  )
}
