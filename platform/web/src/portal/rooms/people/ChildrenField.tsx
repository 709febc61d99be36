// A guardian's children: found as one types, chosen by a button, each with what the guardian is to it.
import { Button, Group, Input, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { peopleFound } from '~/portal/dictionaries'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import { RELATIONS, type Child, type Relation } from './person'

interface Props {
  id: string
  label: string
  error?: string
  value: Child[]
  onChange: (children: Child[]) => void
}

export function ChildrenField({ id, label, error, value, onChange }: Props) {
  const t = useT()
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed.trim(), 200)
  const long = text.length >= 2
  const found = useQuery({ ...peopleFound({ kind: 'student', text, limit: 8 }), enabled: long, placeholderData: keepPreviousData })
  const free = long ? (found.data?.people ?? []).filter((row) => !value.some(({ student_id }) => student_id === row.id)) : []
  return (
    <Stack gap="xs" role="group" aria-label={label}>
      <Text fw={600} size="sm" aria-hidden>
        {label}
      </Text>
      {value.map((child) => (
        <Group key={child.student_id} gap="xs" align="flex-end" wrap="wrap">
          <NativeSelect
            style={{ flex: '1 1 12rem' }}
            label={t('people.relation', { name: withClass(child) })}
            value={child.relation}
            onChange={(event) => {
              const relation = event.currentTarget.value as Relation
              onChange(value.map((one) => (one === child ? { ...one, relation } : one)))
            }}
            data={RELATIONS.map((relation) => ({ value: relation, label: t(`people.relation.${relation}`) }))}
          />
          <Button
            variant="default"
            aria-label={t('people.child-remove', { name: child.full_name })}
            onClick={() => onChange(value.filter((one) => one !== child))}
          >
            ×
          </Button>
        </Group>
      ))}
      <TextInput
        id={id}
        label={t('people.child-search')}
        description={t('people.child-search-help')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        error={Boolean(error)}
      />
      {error && <Input.Error>{error}</Input.Error>}
      {long && found.error && <FailureNote error={found.error} onRetry={() => void found.refetch()} />}
      <div role="status">{long && found.data && !found.isPlaceholderData && free.length === 0 && <Text size="sm">{t('people.child-none')}</Text>}</div>
      {free.map((row) => (
        <Button
          key={row.id}
          variant="light"
          justify="flex-start"
          aria-label={t('people.child-add', { name: withClass(row) })}
          onClick={() => {
            onChange([...value, { student_id: row.id, full_name: row.full_name, class_name: row.class_name, relation: 'mother' }])
            setTyped('')
            document.getElementById(id)?.focus()
          }}
        >
          + {withClass(row)}
        </Button>
      ))}
    </Stack>
  )
}

function withClass({ full_name, class_name }: { full_name: string; class_name?: string }) {
  return class_name ? `${full_name}, ${class_name}` : full_name
}
