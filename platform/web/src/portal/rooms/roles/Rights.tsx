// What each role may do, in words: the server's own policy, grouped by what it is about.
import { List, SimpleGrid, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { DataState } from '~/ui/DataState'
import { useT, type Translate } from '~/ui/text'
import { roleRights, type RoleRights } from './queries'
import styles from './roles.module.css'

type Right = RoleRights['rights'][number]

export function Rights() {
  const t = useT()
  const rights = useQuery(roleRights())
  return (
    <DataState query={rights}>
      {(all) =>
        all.map(({ role, rights: given }) => (
          <section key={role} aria-label={t(`common.role.${role}`)}>
            <Title order={2} mt="lg" mb="xs" className={styles.role}>
              {t(`common.role.${role}`)}
            </Title>
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {[...bySubject(given)].map(([subject, some]) => (
                <div key={subject}>
                  <Text fw={600}>{t(`roles.subject.${subject}`)}</Text>
                  <List size="sm">
                    {some.map((right) => (
                      <List.Item key={right.act}>{sentence(right, t)}</List.Item>
                    ))}
                  </List>
                </div>
              ))}
            </SimpleGrid>
          </section>
        ))
      }
    </DataState>
  )
}

function bySubject(rights: Right[]): Map<string, Right[]> {
  const groups = new Map<string, Right[]>()
  for (const right of rights) {
    const subject = right.act.split('.')[0] ?? right.act
    groups.set(subject, [...(groups.get(subject) ?? []), right])
  }
  return groups
}

function sentence({ act, relations }: Right, t: Translate): string {
  const what = t(`roles.act.${act}`)
  if (relations.includes('any')) return what
  return `${what}: ${relations.map((relation) => t(`roles.relation.${relation}`)).join(', ')}`
}
