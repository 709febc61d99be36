import { MantineProvider } from '@mantine/core'
import { Foot } from '~/lib/Foot'
import { Frame } from '~/ui/Frame'
import { useT } from '~/ui/text'
import { familyTheme, variables } from '~/ui/theme'

export function Site() {
  const t = useT()
  return (
    <MantineProvider theme={familyTheme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <Frame brand={t('ui.product')} foot={<Foot />} width="narrow">{null}</Frame>
    </MantineProvider>
  )
}
