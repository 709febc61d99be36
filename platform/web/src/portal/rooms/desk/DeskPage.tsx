// The first page of every role: what one comes for, without a click.
import { Text } from '@mantine/core'
import { useMe } from '~/portal/me'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'

export function DeskPage() {
  const t = useT()
  const me = useMe()
  return (
    <>
      <PageHead title={t('portal.hello', { name: me.full_name })} />
      <Text>{me.roles.map((role) => t(`common.role.${role}`)).join(' · ')}</Text>
    </>
  )
}
