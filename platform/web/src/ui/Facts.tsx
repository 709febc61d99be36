// What is known of a thing, a label to each value; what is missing is left out.
import type { ReactNode } from 'react'
import classes from './Facts.module.css'

export type Fact = [label: string, value: ReactNode]

interface Props {
  facts: Fact[]
  /** Where the value stands: beside its label, below it, or below it with the facts themselves in columns. */
  look?: 'beside' | 'below' | 'columns'
}

export function Facts({ facts, look = 'beside' }: Props) {
  const known = facts.filter(([, value]) => value !== undefined && value !== null && value !== '')
  return (
    <dl className={`${classes.facts} ${classes[look]}`}>
      {known.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
