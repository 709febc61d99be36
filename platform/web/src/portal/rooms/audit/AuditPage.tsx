// What was done in the school and who looked at whose card: two lists, narrowed by day, person and kind of action.
import { Button, Group, NativeSelect, Tabs, Text, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { formatDate, formatMoment, parseDate } from '~/lib/dates'
import { api, type PortalAnswer, type PortalBody } from '~/portal/api'
import { looksFound } from '~/portal/dictionaries'
import { paths } from '~/portal/paths'
import type { AuditSearch } from '~/portal/searches'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'
import styles from './audit.module.css'
import { changeOf } from './detail'
import { groupNames, groupOf, GROUPS } from './operations'
import { PersonFilter } from './PersonFilter'

type Line = PortalAnswer<'audit_search'>['lines'][number]
type Look = PortalAnswer<'look_search'>['looks'][number]

const PAGE = 50

const auditFound = (body: PortalBody<'audit_search'>) => api.queryOptions('post', '/audit/search', { body }, { staleTime: 0 })

export function AuditPage() {
  const t = useT()
  const navigate = useNavigate()
  const search = useSearch({ from: paths.audit })
  const tab = search.tab ?? 'actions'
  const go = (next: AuditSearch) => void navigate({ to: paths.audit, search: { ...search, ...next }, replace: true })
  return (
    <>
      <PageHead title={t('audit.title')} lead={t('audit.lead')} />
      <Tabs value={tab} onChange={(next) => go({ tab: next === 'looks' ? 'looks' : undefined, group: undefined })} activateTabWithKeyboard={false}>
        <Tabs.List>
          <Tabs.Tab value="actions">{t('audit.tab.actions')}</Tabs.Tab>
          <Tabs.Tab value="looks">{t('audit.tab.looks')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab}>{tab === 'looks' ? <Looks search={search} go={go} /> : <Actions search={search} go={go} />}</Tabs.Panel>
      </Tabs>
    </>
  )
}

interface ListProps {
  search: AuditSearch
  go: (next: AuditSearch) => void
}

/** The last lines of the pages before, and how to go on and back. Another search begins with its first page. */
function usePages(search: AuditSearch) {
  const of = JSON.stringify(search)
  const [been, setBeen] = useState<{ of: string; trail: string[] }>({ of, trail: [] })
  const trail = been.of === of ? been.trail : []
  return {
    before: trail.at(-1),
    older: (last: string | undefined) => last && setBeen({ of, trail: [...trail, last] }),
    newer: trail.length > 0 ? () => setBeen({ of, trail: trail.slice(0, -1) }) : undefined,
  }
}

const narrowed = ({ from, to, group, actor, subject }: AuditSearch) => Boolean(from ?? to ?? group ?? actor ?? subject)

const searchOf = ({ from, to, actor, subject }: AuditSearch, before: string | undefined) => ({
  limit: PAGE,
  ...(from && { from }),
  ...(to && { to }),
  ...(actor && { actor_id: actor }),
  ...(subject && { subject_id: subject }),
  ...(before && { before }),
})

function Actions({ search, go }: ListProps) {
  const t = useT()
  const pages = usePages(search)
  const group = groupOf(search.group)
  const found = useQuery({
    ...auditFound({ ...searchOf(search, pages.before), ...(group && { operations: [...GROUPS[group]] }) }),
    placeholderData: keepPreviousData,
  })
  const first = found.data?.lines[0]
  return (
    <>
      <Filters search={search} go={go} who={t('audit.actor')} actorName={first?.actor_name} subjectName={first?.subject_name}>
        <NativeSelect
          label={t('audit.group')}
          value={group ?? ''}
          onChange={(event) => go({ group: event.currentTarget.value || undefined })}
          data={[{ value: '', label: t('audit.group-all') }, ...groupNames.map((value) => ({ value, label: t(`audit.group.${value}`) }))]}
        />
      </Filters>
      <DataState query={found} isEmpty={({ lines }) => lines.length === 0} empty={<Nothing search={search} go={go} title={t('audit.empty')} help={t('audit.empty-help')} />}>
        {({ lines, more }) => (
          <>
            <ul className={styles.lines} aria-label={t('audit.list')}>
              {lines.map((line) => (
                <ActionLine key={line.id} line={line} />
              ))}
            </ul>
            <Pager newer={pages.newer} older={more ? () => pages.older(lines.at(-1)?.id) : undefined} />
          </>
        )}
      </DataState>
    </>
  )
}

function ActionLine({ line }: { line: Line }) {
  const t = useT()
  const known = groupNames.some((group) => GROUPS[group].some((operation) => operation === line.operation))
  const change = changeOf(line.detail, t)
  return (
    <li>
      <Text size="sm" c="dimmed">
        <time dateTime={line.at}>{formatMoment(line.at)}</time>
      </Text>
      <div>
        <Text>
          <b>{line.actor_name ?? t('audit.nobody')}</b>
          {' — '}
          {known ? t(`audit.operation.${line.operation}`) : line.operation}
          {line.subject_name && `: ${line.subject_name}`}
        </Text>
        {change && <Text size="sm">{change}</Text>}
        <Text size="sm" c="dimmed">
          {[line.came_from && t('audit.network', { network: line.came_from }), t(line.sealed ? 'audit.sealed' : 'audit.unsealed')].filter(Boolean).join(' · ')}
        </Text>
      </div>
    </li>
  )
}

function Looks({ search, go }: ListProps) {
  const t = useT()
  const pages = usePages(search)
  const found = useQuery({ ...looksFound(searchOf(search, pages.before)), placeholderData: keepPreviousData })
  const first = found.data?.looks[0]
  return (
    <>
      <Filters search={search} go={go} who={t('audit.viewer')} actorName={first?.actor_name} subjectName={first?.subject_name} students />
      <DataState query={found} isEmpty={({ looks }) => looks.length === 0} empty={<Nothing search={search} go={go} title={t('audit.looks-empty')} help={t('audit.looks-empty-help')} />}>
        {({ looks, more }) => (
          <>
            <ul className={styles.lines} aria-label={t('audit.list')}>
              {looks.map((look) => (
                <LookLine key={look.id} look={look} />
              ))}
            </ul>
            <Pager newer={pages.newer} older={more ? () => pages.older(looks.at(-1)?.id) : undefined} />
          </>
        )}
      </DataState>
    </>
  )
}

function LookLine({ look }: { look: Look }) {
  const t = useT()
  return (
    <li>
      <Text size="sm" c="dimmed">
        <time dateTime={look.at}>{formatMoment(look.at)}</time>
      </Text>
      <div>
        <Text>
          <b>{look.actor_name ?? t('audit.nobody')}</b>
          {' — '}
          {t(`audit.look.${look.what}`)}
          {look.subject_name && `: ${look.subject_name}`}
        </Text>
        <Text size="sm" c="dimmed">
          {t('audit.network', { network: look.came_from })}
        </Text>
      </div>
    </li>
  )
}

interface FiltersProps extends ListProps {
  who: string
  actorName: string | undefined
  subjectName: string | undefined
  /** Only students can be looked at. */
  students?: boolean
  children?: ReactNode
}

function Filters({ search, go, who, actorName, subjectName, students, children }: FiltersProps) {
  const t = useT()
  return (
    <div className={styles.filters} role="group" aria-label={t('audit.filters')}>
      <DayFilter label={t('audit.from')} value={search.from} onChange={(from) => go({ from })} />
      <DayFilter label={t('audit.to')} value={search.to} onChange={(to) => go({ to })} />
      {children}
      <PersonFilter label={who} value={search.actor} name={actorName} onChange={(actor) => go({ actor })} />
      <PersonFilter label={t('audit.subject')} value={search.subject} name={subjectName} kinds={students ? ['student'] : undefined} onChange={(subject) => go({ subject })} />
    </div>
  )
}

/** A day as people write it; taken over when it is left, or with Enter. */
function DayFilter({ label, value, onChange }: { label: string; value: string | undefined; onChange: (day: string | undefined) => void }) {
  const t = useT()
  const [draft, setDraft] = useState<string>()
  const [wrong, setWrong] = useState(false)
  const typed = draft ?? (value ? formatDate(value) : '')
  const take = () => {
    const day = parseDate(typed)
    const taken = day !== undefined || typed.trim() === ''
    setWrong(!taken)
    if (!taken) return
    setDraft(undefined)
    if (day !== value) onChange(day)
  }
  return (
    <TextInput
      label={label}
      description={t('portal.date-help')}
      value={typed}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
      error={wrong && t('portal.date-wrong')}
      inputMode="numeric"
      maxLength={10}
      autoComplete="off"
    />
  )
}

function Nothing({ search, go, title, help }: ListProps & { title: string; help: string }) {
  const t = useT()
  if (!narrowed(search)) return <EmptyState title={title} help={help} />
  const all = { from: undefined, to: undefined, group: undefined, actor: undefined, subject: undefined }
  const clear = (
    <Button variant="default" onClick={() => go(all)}>
      {t('audit.clear')}
    </Button>
  )
  return <EmptyState title={t('audit.not-found')} help={t('audit.not-found-help')} action={clear} />
}

function Pager({ newer, older }: { newer: (() => void) | undefined; older: (() => void) | undefined }) {
  const t = useT()
  if (!newer && !older) return null
  return (
    <Group mt="md">
      <Button variant="default" disabled={!newer} onClick={newer}>
        {t('audit.newer')}
      </Button>
      <Button variant="default" disabled={!older} onClick={older}>
        {t('audit.older')}
      </Button>
    </Group>
  )
}
