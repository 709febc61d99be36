// Light, dark, or as the device says: one button that goes round.
import { Button, useMantineColorScheme } from '@mantine/core'
import { useT } from './text'

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const

export function ThemeSwitch() {
  const t = useT()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setColorScheme(NEXT[colorScheme])}>
      {t(`ui.theme.${colorScheme}`)}
    </Button>
  )
}
