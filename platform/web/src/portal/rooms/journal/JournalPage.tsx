// The journal: class, subject and period in one line, then the grid; on a phone, the running lesson.
import { Group, List, NativeSelect, Select, Text, type ComboboxParsedItem } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { formatDate } from '~/lib/dates'
import { matchesName } from '~/lib/names'
import { named, useLanguage } from '~/lib/useLanguage'
import { useTopics } from '~/portal/live'
import { paths } from '~/portal/paths'
import { WayOn } from '~/portal/WayOn'
import { DataState } from '~/ui/DataState'
import { EmptyState } from '~/ui/EmptyState'
import { PageHead } from '~/ui/PageHead'
import { useT, type Translate } from '~/ui/text'
import { contentWords } from './cells'
import { Grid } from './Grid'
import { Phone } from './Phone'
import { journalChoices, journalPage, refetchJournal, type Asked, type Choice, type Journal } from './queries'
import { useWriting, type Wanted } from './writing'

export function JournalPage() {
  const t = useT()
  const choices = useQuery(journalChoices())
  return (
    <>
      <PageHead title={t('journal.title')} />
      <DataState query={choices} isEmpty={(all) => all.length === 0} empty={
          <EmptyState
            title={t('journal.none')}
            help={t('journal.none-help')}
            action={
              <WayOn act="class.edit" to={paths.loads}>
                {t('portal.nav.loads')}
              </WayOn>
            }
          />
        }>
        {(all) => <Chosen choices={all} />}
      </DataState>
    </>
  )
}

function Chosen({ choices }: { choices: Choice[] }) {
  const search = useSearch({ from: paths.journal })
  const first = choices.find(({ mine }) => mine) ?? choices[0]
  const class_id = search.class ?? first?.class_id ?? ''
  const subject_id = search.subject ?? first?.subject_id ?? ''
  const asked = useMemo<Asked>(() => ({ class_id, subject_id, period_id: search.period }), [class_id, subject_id, search.period])
  const journal = useQuery(journalPage(asked))
  useTopics(['marks', 'attendance', 'lessons'], useSoon(refetchJournal))
  return (
    <>
      <Selector choices={choices} asked={asked} journal={journal.data} />
      <DataState
        query={journal}
        isEmpty={({ students, lessons }) => students.length === 0 || lessons.length === 0}
        empty={journal.data && <Nothing journal={journal.data} />}
      >
        {(page) => <Open key={`${page.class_id}-${page.subject_id}-${page.period.id}`} journal={page} asked={asked} />}
      </DataState>
    </>
  )
}

function Nothing({ journal }: { journal: Journal }) {
  const t = useT()
  const people = (
    <WayOn act="person.add" to={paths.people} search={{ kind: 'student', class: journal.class_id }}>
      {t('portal.nav.people')}
    </WayOn>
  )
  const lessons = (
    <WayOn act="lesson.add" to={paths.lessons} search={{ class: journal.class_id }}>
      {t('portal.nav.lessons')}
    </WayOn>
  )
  return journal.students.length === 0 ? (
    <EmptyState title={t('journal.no-students')} help={t('journal.no-students-help')} action={people} />
  ) : (
    <EmptyState title={t('journal.no-lessons')} help={t('journal.no-lessons-help')} action={lessons} />
  )
}

/** Many events in a row are one reading. */
function useSoon(act: () => unknown) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void act(), 400)
  }, [act])
}

/** "7ә мат" finds "7Ә · Математика", also without the Kazakh letters. */
function narrowed(options: ComboboxParsedItem[], typed: string): ComboboxParsedItem[] {
  return options.flatMap((one): ComboboxParsedItem[] => {
    if (!('items' in one)) return matchesName(one.label, typed) ? [one] : []
    const items = one.items.filter(({ label }) => matchesName(label, typed))
    return items.length > 0 ? [{ ...one, items }] : []
  })
}

interface SelectorProps {
  choices: Choice[]
  asked: Asked
  journal: Journal | undefined
}

function Selector({ choices, asked, journal }: SelectorProps) {
  const t = useT()
  const { language } = useLanguage()
  const navigate = useNavigate({ from: paths.journal })
  const option = (choice: Choice) => ({
    value: `${choice.class_id} ${choice.subject_id}`,
    label: `${choice.class_name} · ${named(choice, 'subject', language)}`,
  })
  const groups = [
    { group: t('journal.mine'), items: choices.filter(({ mine }) => mine).map(option) },
    { group: t('journal.others'), items: choices.filter(({ mine }) => !mine).map(option) },
  ].filter(({ items }) => items.length > 0)
  return (
    <Group mb="md" align="flex-end">
      <Select
        label={t('journal.choose')}
        data={groups}
        value={`${asked.class_id} ${asked.subject_id}`}
        onChange={(value) => {
          const [chosenClass, subject] = (value ?? '').split(' ')
          if (chosenClass && subject) void navigate({ search: { class: chosenClass, subject } })
        }}
        searchable
        // What is typed replaces the name of the journal that stands there.
        onFocus={(event) => event.currentTarget.select()}
        onClick={(event) => event.currentTarget.select()}
        allowDeselect={false}
        nothingFoundMessage={t('journal.choose-none')}
        filter={({ options, search }) => narrowed(options, search)}
        style={{ flex: '1 1 16rem' }}
        maw="24rem"
      />
      {journal && (
        <NativeSelect
          label={t('journal.period')}
          value={journal.period.id}
          onChange={(event) => void navigate({ search: { class: asked.class_id, subject: asked.subject_id, period: event.currentTarget.value } })}
          data={journal.periods.map((period) => ({
            value: period.id,
            label: `${named(period, 'name', language)}, ${formatDate(period.begins)}–${formatDate(period.ends)}`,
          }))}
        />
      )}
    </Group>
  )
}

export function Open({ journal, asked }: { journal: Journal; asked: Asked }) {
  const t = useT()
  const phone = useMediaQuery('(max-width: 599px)', window.matchMedia('(max-width: 599px)').matches, { getInitialValueInEffect: false })
  // What was saved last; its words follow the language.
  const [saved, setSaved] = useState<Wanted>()
  const { writings, write, drop } = useWriting(asked, setSaved)
  return (
    <>
      <div aria-live="polite" role="status" className="k-hidden">
        {saved && savedWords(saved, journal, t)}
      </div>
      {journal.lock && <Text mb="sm">{journal.lock.title}</Text>}
      {!journal.graded && <Text mb="sm">{t('journal.no-marks')}</Text>}
      {phone ? (
        <Phone journal={journal} writings={writings} write={write} />
      ) : (
        <>
          <Grid journal={journal} writings={writings} write={write} drop={drop} />
          <Keys graded={journal.graded} />
        </>
      )}
    </>
  )
}

function savedWords(saved: Wanted, { students }: Journal, t: Translate): string {
  const name = students.find(({ id }) => id === saved.student)?.full_name ?? ''
  return t('journal.said', { name, content: contentWords(t, saved.kind === 'mark' ? { value: saved.value } : { code: saved.code }) })
}

function Keys({ graded }: { graded: boolean }) {
  const t = useT()
  return (
    <details style={{ marginTop: '1rem' }}>
      <summary>{t('journal.keys')}</summary>
      <List size="sm" mt="xs">
        {graded && <List.Item>{t('journal.keys.marks')}</List.Item>}
        <List.Item>{t('journal.keys.letters')}</List.Item>
        <List.Item>{t('journal.keys.move')}</List.Item>
        <List.Item>{t('journal.keys.clear')}</List.Item>
        <List.Item>{t('journal.keys.more')}</List.Item>
      </List>
    </details>
  )
}
