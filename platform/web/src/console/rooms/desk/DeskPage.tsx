// The operator's first page: who waits for me?
import { useQuery } from '@tanstack/react-query'
import { Table } from '@mantine/core'
import { api } from '~/console/api'
import { DataState } from '~/ui/DataState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'

export const operatorDesk = () => api.queryOptions('get', '/desk')

export function DeskPage() {
  const t = useT()
  const desk = useQuery(operatorDesk())
  return (
    <>
      <PageHead title={t('console.nav.desk')} />
      <DataState query={desk}>
        {({ waiting, failed, schools, letters_dead }) => (
          <Table maw="30rem" variant="vertical">
            <Table.Tbody>
              {Object.entries({ waiting, failed, schools, letters_dead }).map(([key, count]) => (
                <Table.Tr key={key}>
                  <Table.Th>{t(`console.desk.${key}`)}</Table.Th>
                  <Table.Td>{count}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </DataState>
    </>
  )
}
