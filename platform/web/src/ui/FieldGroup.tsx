// A group of fields in a long form: a legend, help under it, the fields in one column or two.
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './FieldGroup.module.css'

interface Props {
  title: string
  help?: string
  children: ReactNode
}

export function FieldGroup({ title, help, children }: Props) {
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{title}</legend>
      {help && (
        <Text c="dimmed" size="sm" className={classes.whole}>
          {help}
        </Text>
      )}
      {children}
    </fieldset>
  )
}

/** A field that takes the whole width of its group. */
export function Whole({ children }: { children: ReactNode }) {
  return <div className={classes.whole}>{children}</div>
}
