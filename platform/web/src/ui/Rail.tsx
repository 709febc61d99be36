// The rail of a flow of several pages: what is done, where one is, what comes. It is not a menu.
import classes from './Rail.module.css'
import { useT } from './text'

interface Props {
  label: string
  steps: string[]
  /** Index of the present step; `steps.length` when all are done. */
  current: number
}

export function Rail({ label, steps, current }: Props) {
  const t = useT()
  return (
    <nav aria-label={label}>
      <ol className={classes.rail}>
        {steps.map((step, index) => {
          const state = index < current ? 'done' : index === current ? 'now' : 'later'
          return (
            <li key={step} data-state={state} aria-current={state === 'now' ? 'step' : undefined} className={classes.step}>
              <span className={classes.mark} aria-hidden>
                {state === 'done' ? '✓' : index + 1}
              </span>
              <span className={classes.label}>
                {step}
                {state === 'done' && <span className="k-hidden"> ({t('ui.step-done')})</span>}
              </span>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
