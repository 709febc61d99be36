// The first page of staff: what of setting up is not done, which lesson is now, who is missing.
import { Button, Group, Stack, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { may } from '~/lib/may'
import { useMe } from '~/portal/me'
import { navigation } from '~/portal/navigation'
import { paths } from '~/portal/paths'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { SetupList } from './SetupList'
import { TeacherDay } from './TeacherDay'

export function StaffPage() {
  const t = useT()
  const me = useMe()
  const teaches = me.roles.some((role) => role === 'teacher' || role === 'class_teacher')
  return (
    <>
      <PageHead title={t('portal.hello', { name: me.full_name })} lead={me.roles.map((role) => t(`common.role.${role}`)).join(' · ')} />
      <Stack gap="xl">
        {teaches && may(me, 'desk.teach') && <TeacherDay />}
        {may(me, 'setup.see') && <SetupList />}
        {!(teaches && may(me, 'desk.teach')) && !may(me, 'setup.see') && <Ways />}
      </Stack>
    </>
  )
}

/** Who neither teaches nor sets the school up begins with the pages that are open to them. */
function Ways() {
  const t = useT()
  const rows = navigation(useMe()).filter(({ to }) => to !== paths.desk)
  return (
    <section aria-labelledby="ways-title">
      <Title order={2} id="ways-title" mb="sm">
        {t('desk.ways')}
      </Title>
      <Group gap="xs">
        {rows.map(({ to, label }) => (
          <Button key={to} variant="default" renderRoot={(props) => <Link to={to} {...props} />}>
            {t(label)}
          </Button>
        ))}
      </Group>
    </section>
  )
}
