// The operator's first page: who waits for me?
import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '~/console/api'
import { paths } from '~/console/paths'
import { formatCount } from '~/lib/numbers'
import { useLanguage } from '~/lib/useLanguage'
import { DataState } from '~/ui/DataState'
import { Facts } from '~/ui/Facts'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'

export const operatorDesk = () => api.queryOptions('get', '/desk', {}, { refetchInterval: 30_000 })

export function DeskPage() {
  const t = useT()
  const { language } = useLanguage()
  const desk = useQuery(operatorDesk())
  return (
    <>
      <PageHead title={t('console.nav.desk')} />
      <DataState query={desk}>
        {({ waiting, oldest_hours: oldest, failed, schools, letters_dead: dead }) => (
          <div style={{ maxWidth: '40rem' }}>
            <Text fz="lg" fw={600} mb="md">
              {t('console.desk.who', { count: waiting })}
            </Text>
            <Facts
              facts={[
                [
                  t('console.desk.waiting'),
                  <Anchor key="waiting" renderRoot={(props) => <Link to={paths.applications} search={{ state: 'received' }} {...props} />}>
                    {formatCount(waiting, language)}
                  </Anchor>,
                ],
                [t('console.desk.oldest'), oldest === undefined ? undefined : t('console.age', { days: Math.floor(oldest / 24), hours: oldest % 24 })],
                [
                  t('console.desk.failed'),
                  <Anchor key="failed" renderRoot={(props) => <Link to={paths.schools} search={{ state: 'provisioning_failed' }} {...props} />}>
                    {formatCount(failed, language)}
                  </Anchor>,
                ],
                [
                  t('console.desk.schools'),
                  <Anchor key="schools" renderRoot={(props) => <Link to={paths.schools} {...props} />}>
                    {formatCount(schools, language)}
                  </Anchor>,
                ],
                [t('console.desk.letters_dead'), formatCount(dead, language)],
              ]}
            />
          </div>
        )}
      </DataState>
    </>
  )
}
