// The first page of staff: what of setting up is not done, which lesson is now, who is missing.
import { Stack } from '@mantine/core'
import { may } from '~/lib/may'
import { useMe } from '~/portal/me'
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
      </Stack>
    </>
  )
}
