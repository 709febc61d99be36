// Light, dark, or as the device says: one button that goes round.
import { UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useT } from './text'

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const

export function ThemeSwitch() {
  const t = useT()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <UnstyledButton fz="inherit" td="underline" onClick={() => setColorScheme(NEXT[colorScheme])}>
      {t(`ui.theme.${colorScheme}`)}
    </UnstyledButton>
  )
}
