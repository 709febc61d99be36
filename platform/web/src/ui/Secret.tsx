// A password field that can be shown, with the button named in the reader's language.
import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useState } from 'react'
import { useT } from './text'

export function Secret(props: PasswordInputProps) {
  const t = useT()
  const [visible, setVisible] = useState(false)
  return (
    <PasswordInput
      {...props}
      // The library says so of every other field.
      aria-invalid={props.error ? true : undefined}
      visible={visible}
      onVisibilityChange={setVisible}
      visibilityToggleButtonProps={{
        'aria-label': t(visible ? 'ui.password-hide' : 'ui.password-show'),
        'aria-hidden': false,
        tabIndex: 0,
      }}
    />
  )
}
