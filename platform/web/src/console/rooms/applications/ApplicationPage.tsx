// One application, whole: requisites, duplicates, letters, what happened; and the decision.
import { Alert, Anchor, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { paths } from '~/console/paths'
import rows from '~/console/Rows.module.css'
import { StateBadge } from '~/console/StateBadge'
import { worded } from '~/console/states'
import { Timeline } from '~/console/Timeline'
import { formatMoment } from '~/lib/dates'
import { formatCount } from '~/lib/numbers'
import { named, useLanguage } from '~/lib/useLanguage'
import { DataState } from '~/ui/DataState'
import { Facts, type Fact } from '~/ui/Facts'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import { Decision } from './Decision'
import { applicationRead, type Application } from './queries'

export function ApplicationPage() {
  const { id } = useParams({ from: paths.application })
  const application = useQuery(applicationRead(id))
  return <DataState query={application}>{(card) => <Card key={card.id} card={card} />}</DataState>
}

function Card({ card }: { card: Application }) {
  const t = useT()
  const { language } = useLanguage()
  return (
    <Stack gap="xl" maw="60rem">
      <div>
        <PageHead
          title={named(card, 'name', language)}
          lead={
            <>
              {t('console-applications.number', { number: card.number })} · <StateBadge state={card.state} /> ·{' '}
              {t('console.age', { days: Math.floor(card.age_hours / 24), hours: card.age_hours % 24 })}
            </>
          }
        />
        <Duplicates card={card} />
        <Decision card={card} />
      </div>
      <Section id="requisites" title={t('console-applications.requisites')}>
        <Facts facts={useRequisites(card)} />
      </Section>
      {card.invitation && (
        <Section id="invitation" title={t('console-applications.invitation')}>
          <Facts
            facts={[
              [t('common.login'), card.invitation.login],
              [t('console.state-label'), worded(t(`console-applications.invitation.${card.invitation.state}`), card.invitation.state)],
              [t('console-applications.expires'), formatMoment(card.invitation.expires_at)],
              [t('console-applications.tries'), String(card.invitation.tries)],
            ]}
          />
        </Section>
      )}
      <Section id="letters" title={t('console-applications.letters')}>
        <Letters letters={card.letters} />
      </Section>
      <Section id="events" title={t('console.events')}>
        <Timeline label={t('console.events')} events={card.events} />
      </Section>
    </Stack>
  )
}

function Section({ id, title, children }: { id: string; title: string; children: React.ReactNode }) {
  return (
    <section aria-labelledby={id}>
      <Title order={2} id={id} mb="xs">
        {title}
      </Title>
      {children}
    </section>
  )
}

function useRequisites(card: Application): Fact[] {
  const t = useT()
  const { language } = useLanguage()
  return [
    [t('console.name-kk'), card.name_kk],
    [t('console.name-ru'), card.name_ru],
    [t('console.bin'), card.bin],
    [t('console-applications.region'), worded(t(`regions.${card.region}`), card.region)],
    [t('console-applications.city'), card.city],
    [t('console-applications.legal-address'), card.legal_address],
    [t('console-applications.postal-address'), card.postal_address],
    [t('console-applications.director'), card.director],
    [t('console-applications.contact'), [card.contact_name, card.contact_position].filter(Boolean).join(', ')],
    [t('common.email'), card.email],
    [t('common.phone'), card.phone],
    [t('console-applications.teaching'), worded(t(`common.language.${card.language}`), card.language)],
    [t('console-applications.letters-in'), worded(t(`common.language.${card.locale}`), card.locale)],
    [t('console-applications.pupils'), formatCount(card.pupils, language)],
    [t('console-applications.received'), formatMoment(card.received_at)],
    [t('console-applications.decided'), card.decided_at && formatMoment(card.decided_at)],
    [t('console-applications.reason'), card.reason && <span style={{ whiteSpace: 'pre-wrap' }}>{card.reason}</span>],
  ]
}

function Duplicates({ card }: { card: Application }) {
  const t = useT()
  if (card.duplicates.length === 0) return null
  return (
    <Alert color="yellow" variant="outline" styles={{ title: { color: 'var(--mantine-color-text)' } }} mb="md" title={t('console-applications.duplicates-title')}>
      {card.duplicates.map((other) => (
        <div key={other.number}>
          <Anchor renderRoot={(props) => <Link to={paths.applications} search={{ find: other.number }} {...props} />}>{other.number}</Anchor> · {other.name_ru}{' '}
          · {worded(t(`console.state.${other.state}`), other.state)}
        </div>
      ))}
    </Alert>
  )
}

function Letters({ letters }: { letters: Application['letters'] }) {
  const t = useT()
  if (letters.length === 0) return <Text c="dimmed">{t('console-applications.letters-none')}</Text>
  return (
    <Table className={rows.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('console-applications.subject')}</Table.Th>
          <Table.Th scope="col">{t('console.state-label')}</Table.Th>
          <Table.Th scope="col">{t('console-applications.written')}</Table.Th>
          <Table.Th scope="col">{t('console-applications.sent')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {letters.map((letter) => (
          <Table.Tr key={letter.id}>
            <Table.Td>{letter.subject}</Table.Td>
            <Table.Td data-label={t('console.state-label')}>
              {worded(t(`console-applications.letter.${letter.state}`), letter.state)}
              {letter.attempts > 1 && ` · ${t('console.attempts', { count: letter.attempts })}`}
            </Table.Td>
            <Table.Td data-label={t('console-applications.written')}>{formatMoment(letter.created_at)}</Table.Td>
            <Table.Td data-label={t('console-applications.sent')}>{letter.sent_at ? formatMoment(letter.sent_at) : '–'}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
