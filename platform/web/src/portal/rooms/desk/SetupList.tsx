// The checklist of setting up: each point with its state, its count and one action. Nothing is forced.
import { Button, Group, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import { may } from '~/lib/may'
import { client, queryClient } from '~/portal/api'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { DataState } from '~/ui/DataState'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import classes from './desk.module.css'
import { setupRead, type SetupItem } from './queries'

const WHERE: Record<SetupItem['key'], Pick<LinkProps, 'to' | 'search'>> = {
  year: { to: paths.calendar },
  bells: { to: paths.bells },
  subjects: { to: paths.subjects },
  classes: { to: paths.classes },
  staff: { to: paths.people, search: { kind: 'staff', add: true } },
  students: { to: paths.people, search: { kind: 'student', add: true } },
  guardians: { to: paths.people, search: { kind: 'guardian', add: true } },
  credentials: { to: paths.credentials },
}

/** Whom a school brings in with one file. */
const PEOPLE: readonly SetupItem['key'][] = ['staff', 'students', 'guardians']

export function SetupList() {
  const t = useT()
  const me = useMe()
  const setup = useQuery(setupRead())
  const postpone = useMutation({
    mutationFn: async (wanted: { key: SetupItem['key']; postponed: boolean }) => (await client.POST('/desk/setup/postponement', { body: wanted })).data,
    onSuccess: (now) => now && queryClient.setQueryData(setupRead().queryKey, now),
  })
  return (
    <section aria-labelledby="setup-title">
      <Title order={2} id="setup-title">
        {t('desk.setup.title')}
      </Title>
      <DataState query={setup}>
        {({ items }) => (
          <>
            <Text c="dimmed" mb="sm">
              {t('desk.setup.lead', { left: items.filter(({ state }) => state === 'todo').length })}
            </Text>
            {postpone.error && <FailureNote error={postpone.error} />}
            <ol className={classes.list}>
              {items.map((item) => (
                <li key={item.key} className={classes.row} data-state={item.state}>
                  <span className={classes.tick} aria-hidden>
                    {item.state === 'done' ? '✓' : ''}
                  </span>
                  <div className={classes.what}>
                    <Text fw={600}>{t(`desk.setup.item.${item.key}`)}</Text>
                    <Text size="sm" c="dimmed">
                      {t(`desk.setup.state.${item.state}`, { count: item.count })}
                    </Text>
                  </div>
                  <Group gap="xs" className={classes.acts}>
                    <Button
                      renderRoot={(props) => <Link {...WHERE[item.key]} {...props} />}
                      variant={item.state === 'todo' ? 'filled' : 'default'}
                    >
                      {t(`desk.setup.action.${item.key}`)}
                    </Button>
                    {item.state !== 'done' && PEOPLE.includes(item.key) && may(me, 'import.run') && (
                      <Button
                        variant="default"
                        aria-label={`${t('import.open')}: ${t(`desk.setup.item.${item.key}`)}`}
                        renderRoot={(props) => <Link to={paths.import} {...props} />}
                      >
                        {t('import.open')}
                      </Button>
                    )}
                    {item.state !== 'done' && may(me, 'setup.edit') && (
                      <Button
                        variant="subtle"
                        aria-label={`${t(item.state === 'todo' ? 'desk.setup.postpone' : 'desk.setup.resume')}: ${t(`desk.setup.item.${item.key}`)}`}
                        loading={postpone.isPending && postpone.variables.key === item.key}
                        onClick={() => postpone.mutate({ key: item.key, postponed: item.state === 'todo' })}
                      >
                        {t(item.state === 'todo' ? 'desk.setup.postpone' : 'desk.setup.resume')}
                      </Button>
                    )}
                  </Group>
                </li>
              ))}
            </ol>
          </>
        )}
      </DataState>
    </section>
  )
}
