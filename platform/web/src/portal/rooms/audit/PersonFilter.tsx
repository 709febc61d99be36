// A person in a filter: found as one types, chosen by a button, taken out by another. The address holds the id alone.
import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { peopleFound } from '~/portal/dictionaries'
import { KINDS, type Kind } from '~/portal/searches'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'

interface Props {
  label: string
  value: string | undefined
  /** The name, as far as a line of the list has told it. */
  name: string | undefined
  kinds?: readonly Kind[]
  onChange: (id: string | undefined) => void
}

export function PersonFilter({ label, value, name, kinds = KINDS, onChange }: Props) {
  const t = useT()
  const [chosen, setChosen] = useState<{ id: string; name: string }>()
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed.trim(), 200)
  if (value) {
    const called = (chosen?.id === value ? chosen.name : name) ?? t('audit.person-chosen')
    return (
      <Stack gap={4}>
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <Button variant="default" justify="space-between" rightSection="×" aria-label={t('audit.person-clear', { label, name: called })} onClick={() => onChange(undefined)}>
          {called}
        </Button>
      </Stack>
    )
  }
  return (
    <Stack gap={4}>
      <TextInput type="search" label={label} description={t('audit.person-help')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" />
      {text.length >= 2 && (
        <Found
          label={label}
          text={text}
          kinds={kinds}
          onChoose={(person) => {
            setChosen(person)
            setTyped('')
            onChange(person.id)
          }}
        />
      )}
    </Stack>
  )
}

interface FoundProps {
  label: string
  text: string
  kinds: readonly Kind[]
  onChoose: (person: { id: string; name: string }) => void
}

function Found({ label, text, kinds, onChoose }: FoundProps) {
  const t = useT()
  const of = (kind: Kind) => ({ ...peopleFound({ kind, text, limit: 5 }), enabled: kinds.includes(kind), placeholderData: keepPreviousData })
  const staff = useQuery(of('staff'))
  const students = useQuery(of('student'))
  const guardians = useQuery(of('guardian'))
  const asked = [staff, students, guardians]
  const failed = asked.find(({ error }) => error)
  if (failed) return <FailureNote error={failed.error} onRetry={() => void failed.refetch()} />
  const people = asked.flatMap(({ data }) => data?.people ?? [])
  const settled = asked.every(({ fetchStatus }) => fetchStatus === 'idle')
  return (
    <>
      <div role="status">{settled && people.length === 0 && <Text size="sm">{t('audit.person-none')}</Text>}</div>
      {people.map(({ id, full_name, class_name }) => (
        <Button key={id} variant="light" justify="flex-start" aria-label={t('audit.person-choose', { label, name: full_name })} onClick={() => onChoose({ id, name: full_name })}>
          {class_name ? `${full_name}, ${class_name}` : full_name}
        </Button>
      ))}
    </>
  )
}
