// Long work as a list of steps that tick. Announces what changed; the words come from the caller.
import { Loader } from '@mantine/core'
import classes from './StatusSteps.module.css'
import { useT } from './text'

export interface StatusStep {
  key: string
  label: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  /** For instance "0,4 s" or what went wrong. */
  note?: string
}

export function StatusSteps({ label, steps }: { label: string; steps: StatusStep[] }) {
  const t = useT()
  return (
    <ol className={classes.steps} aria-label={label} aria-live="polite" aria-relevant="additions text">
      {steps.map((step) => (
        <li key={step.key} className={classes.step} data-state={step.state}>
          <span className={classes.mark} aria-hidden>
            {step.state === 'done' && '✓'}
            {step.state === 'failed' && '!'}
            {step.state === 'running' && <Loader size={16} />}
          </span>
          <span className={classes.text}>
            {step.label} <span className="k-hidden">{t(`ui.state.${step.state}`)}</span>
            {step.note && <span className={classes.note}>{step.note}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}
