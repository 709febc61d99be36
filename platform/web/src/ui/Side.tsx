// A drawer at the side of the page, where nothing else is said at the right. In the place of the library's own, as Dialog is.
import { Drawer, type DrawerProps } from '@mantine/core'
import { useLayer } from './layers'
import { useT } from './text'

export function Side(props: DrawerProps) {
  const t = useT()
  useLayer(props.opened, props.onClose)
  return <Drawer position="right" closeButtonProps={{ 'aria-label': t('ui.close') }} {...props} closeOnEscape={false} />
}
