// From an empty list to the page where it is filled, for those who may fill it there.
import { Button } from '@mantine/core'
import { Link, type LinkProps } from '@tanstack/react-router'
import { may } from '~/lib/may'
import { useMe } from './me'

interface Props extends Pick<LinkProps, 'to' | 'search'> {
  /** What one must be allowed to do there. */
  act: string
  children: string
}

export function WayOn({ act, children, ...where }: Props) {
  const me = useMe()
  if (!may(me, act)) return null
  return (
    <Button variant="default" renderRoot={(props) => <Link {...where} {...props} />}>
      {children}
    </Button>
  )
}
