// Somebody of several schools goes from one to another here. Another school is another page load: no cache, no stream
// and no page of this one lives on there.
import { ActionIcon, Menu, Text } from '@mantine/core'
import { named, useLanguage } from '~/lib/useLanguage'
import { useT } from '~/ui/text'
import { useMe } from './me'
import { outside, slug } from './paths'

export function SchoolMenu() {
  const t = useT()
  const me = useMe()
  const { language } = useLanguage()
  return (
    <Menu position="bottom-start" hideDetached={false} transitionProps={{ duration: 0 }} width="min(22rem, calc(100vw - 2rem))">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('portal.schools')} ml={4}>
          <span aria-hidden>▾</span>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown aria-label={t('portal.schools')}>
        {me.schools
          .filter((school) => school.slug !== slug)
          .map((school) => (
            <Menu.Item key={school.slug} component="a" href={outside.school(school.slug)}>
              {named(school, 'name', language)}{' '}
              <Text size="sm" c="dimmed" component="span" display="block">
                {school.roles.map((role) => t(`common.role.${role}`)).join(', ')}
              </Text>
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}
