// Fields beside each other where there is room, one below the other on a phone: what narrows a list, or the short part of a form.
import type { ReactNode } from 'react'
import classes from './FieldRow.module.css'

interface Props {
  /** Which edges stand level: the lower ones, or the upper ones where a field has help or an error under it and the row ends its part. */
  align?: 'end' | 'start'
  children: ReactNode
}

export function FieldRow({ align = 'end', children }: Props) {
  return <div className={`${classes.row} ${classes[align]}`}>{children}</div>
}
