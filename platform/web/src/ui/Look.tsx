// The library's provider with our look. All variables are written by it, so no stylesheet of defaults is sent.
import { MantineProvider, type MantineThemeOverride } from '@mantine/core'
import type { ReactNode } from 'react'
import { variables } from './theme'

export function Look({ theme, children }: { theme: MantineThemeOverride; children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} deduplicateCssVariables={false} defaultColorScheme="auto">
      {children}
    </MantineProvider>
  )
}
