// One line on whether the service answers, as this browser sees it.
import { useQuery } from '@tanstack/react-query'
import { useT } from '~/ui/text'
import { sessionRead } from './session'
import classes from './ServiceState.module.css'

export function ServiceState() {
  const t = useT()
  const { isSuccess, isError } = useQuery({ ...sessionRead(), refetchInterval: 60_000 })
  const state = isSuccess ? 'works' : isError ? 'silent' : 'asking'
  return (
    <span role="status" className={classes.state} data-state={state}>
      {t(`signup.service.${state}`)}
    </span>
  )
}
