// The way out of a form or a question, beside the button that says what will happen.
import { Button, type ButtonProps } from '@mantine/core'
import { useT } from './text'

interface Props extends Pick<ButtonProps, 'size' | 'variant'> {
  onClick: () => void
  /** Where the keyboard begins when a question opens. */
  'data-autofocus'?: boolean
}

export function Cancel({ onClick, variant = 'default', ...rest }: Props) {
  const t = useT()
  return (
    <Button variant={variant} onClick={() => onClick()} {...rest}>
      {t('ui.cancel')}
    </Button>
  )
}
