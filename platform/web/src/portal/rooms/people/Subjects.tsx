// Which subjects a member of staff teaches: shown on the card; who gives the load out changes it.
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { may } from '~/lib/may'
import { named, useLanguage } from '~/lib/useLanguage'
import { client } from '~/portal/api'
import { forget, subjectList, taughtList } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { WayOn } from '~/portal/WayOn'
import { Cancel } from '~/ui/Cancel'
import { DataState, Lines } from '~/ui/DataState'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import classes from './people.module.css'

export function Subjects({ teacher }: { teacher: string }) {
  const t = useT()
  const me = useMe()
  const { language } = useLanguage()
  const subjects = useQuery(subjectList())
  const taught = useQuery(taughtList())
  const [editing, setEditing] = useState(false)
  const held = taught.data?.find(({ teacher_id }) => teacher_id === teacher)?.subject_ids ?? []
  return (
    <section aria-label={t('people.subjects')}>
      <Text fw={600}>{t('people.subjects')}</Text>
      <DataState query={subjects}>
        {(all) => (
          // Nobody is said to teach nothing as long as it is not known.
          <DataState query={taught} skeleton={<Lines count={1} />}>
            {() =>
              editing ? (
                // Begun anew where somebody else changed them meanwhile.
                <Choice key={held.join()} teacher={teacher} held={held} onDone={() => setEditing(false)} />
              ) : (
                <Group gap="xs" justify="space-between">
                  <Text>
                    {all
                      .filter(({ id }) => held.includes(id))
                      .map((subject) => named(subject, 'name', language))
                      .join(', ') || t('people.subjects-none')}
                  </Text>
                  {may(me, 'class.edit') && (
                    <Button size="xs" variant="default" onClick={() => setEditing(true)}>
                      {t('people.subjects-edit')}
                    </Button>
                  )}
                </Group>
              )
            }
          </DataState>
        )}
      </DataState>
    </section>
  )
}

function Choice({ teacher, held, onDone }: { teacher: string; held: string[]; onDone: () => void }) {
  const t = useT()
  const { language } = useLanguage()
  const subjects = useQuery(subjectList())
  const [chosen, setChosen] = useState(held)
  const saving = useMutation({
    mutationFn: () => client.PUT('/teachers/{id}/subjects', { params: { path: { id: teacher } }, body: { before: held, subject_ids: chosen } }),
    onSuccess: async () => {
      await forget('/teachers/subjects')
      onDone()
    },
    onError: () => void forget('/teachers/subjects'),
  })
  const { compare } = new Intl.Collator(language)
  const offered = (subjects.data ?? [])
    .filter(({ id, active }) => active || held.includes(id))
    .toSorted((one, other) => compare(named(one, 'name', language), named(other, 'name', language)))
  const send = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  if (offered.length === 0) {
    return (
      <Group gap="xs">
        <Text>{t('people.subjects-empty')}</Text>
        <WayOn act="class.edit" to={paths.subjects}>
          {t('portal.nav.subjects')}
        </WayOn>
      </Group>
    )
  }
  return (
    <form onSubmit={send} aria-label={t('people.subjects-edit')}>
      <Stack gap="sm" align="flex-start">
        <Checkbox.Group aria-label={t('people.subjects')} value={chosen} onChange={setChosen} w="100%">
          <div className={classes.choices}>
            {offered.map((subject) => (
              <Checkbox key={subject.id} value={subject.id} label={named(subject, 'name', language)} />
            ))}
          </div>
        </Checkbox.Group>
        {saving.error && <FailureNote error={saving.error} />}
        <Group gap="xs">
          <Button type="submit" size="xs" loading={saving.isPending}>
            {t('ui.save')}
          </Button>
          <Cancel size="xs" onClick={onDone} />
        </Group>
      </Stack>
    </form>
  )
}
