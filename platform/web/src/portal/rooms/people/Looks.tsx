// Who has looked at a student's card, for administrators: the last few, and the way to all of them.
import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { formatMoment } from '~/lib/dates'
import { looksFound } from '~/portal/dictionaries'
import { paths } from '~/portal/paths'
import { DataState } from '~/ui/DataState'
import { useT } from '~/ui/text'

const LAST = 5

export function Looks({ student }: { student: string }) {
  const t = useT()
  const found = useQuery(looksFound({ subject_id: student, limit: LAST }))
  return (
    <section aria-label={t('people.looks')}>
      <Text fw={600}>{t('people.looks')}</Text>
      <DataState query={found} isEmpty={({ looks }) => looks.length === 0} empty={<Text c="dimmed">{t('people.looks-none')}</Text>}>
        {({ looks, more }) => (
          <>
            <ul>
              {looks.map(({ id, at, actor_name }) => (
                <li key={id}>
                  {formatMoment(at)} — {actor_name ?? t('people.looks-unknown')}
                </li>
              ))}
            </ul>
            {more && (
              <Anchor inherit renderRoot={(props) => <Link to={paths.audit} search={{ tab: 'looks', subject: student }} {...props} />}>
                {t('people.looks-all')}
              </Anchor>
            )}
          </>
        )}
      </DataState>
    </section>
  )
}
