// A window over the page. In the place of the library's own: it knows what stands over it, and its button has a name.
import { Modal, type ModalProps } from '@mantine/core'
import { useLayer } from './layers'
import { useT } from './text'

export function Dialog(props: ModalProps) {
  const t = useT()
  useLayer(props.opened, props.onClose)
  return <Modal closeButtonProps={{ 'aria-label': t('ui.close') }} {...props} closeOnEscape={false} />
}
