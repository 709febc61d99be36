// A button that reads as a link: what it opens is on the same page, so it has no address of its own.
import type { ComponentPropsWithoutRef } from 'react'
import classes from './TextButton.module.css'

export function TextButton(props: Omit<ComponentPropsWithoutRef<'button'>, 'type' | 'className'>) {
  return <button {...props} type="button" className={classes.root} />
}
