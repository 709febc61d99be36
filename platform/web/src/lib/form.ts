// The one way of forms: values that are never lost, hints before sending, the server's truth after it.
// It knows no component library; Form.tsx draws what is common, and a room draws its fields.
import { useId, useRef, useState } from 'react'
import { failureOf, type Failure } from '~/ui/failure'
import { dropDraft, keepDraft, readDraft } from './draft'

export type Errors<T> = Partial<Record<Extract<keyof T, string>, string>>

interface Options<T extends object> {
  initial: T
  /** Words of each field; they name it in the summary too. */
  labels: Record<Extract<keyof T, string>, string>
  /** Hints of the browser: fields that cannot be right. The server decides all the same. */
  check?: (values: T) => Errors<T>
  /** The draft's key; without one nothing is kept. */
  draft?: string
  /** The draft outlives the tab. */
  lasting?: boolean
  /** Fields that are never kept. */
  secret?: Extract<keyof T, string>[]
}

export interface Form<T extends object> {
  values: T
  errors: Errors<T>
  /** A refusal that belongs to no field, or to the network. */
  failure: Failure | undefined
  /** Field failures that no field of this form bears. */
  strays: string[]
  busy: boolean
  dirty: boolean
  attempt: number
  labels: Record<Extract<keyof T, string>, string>
  id: (name: Extract<keyof T, string>) => string
  set: <K extends Extract<keyof T, string>>(name: K, value: T[K]) => void
  /** Lays server values over the form without making it dirty. */
  fill: (values: Partial<T>) => void
  setErrors: (errors: Errors<T>) => void
  /** Props for a control of text: id, name, label, value, onChange, error. */
  field: <K extends Extract<keyof T, string>>(name: K) => Field<T, K>
  /** Props for a box that is ticked: id, label, checked, error, onChange. */
  tick: (name: Ticked<T>) => Tick
  /** Runs the hints, then `send`; a problem goes to the fields and to the summary. True when it was accepted. */
  submit: (send: (values: T) => Promise<unknown>) => Promise<boolean>
  reset: (values?: T) => void
}

export interface Field<T, K extends keyof T> {
  id: string
  name: string
  label: string
  value: T[K]
  error: string | undefined
  onChange: (change: Change<T[K]>) => void
}

/** The fields that are true or false. */
type Ticked<T> = { [K in Extract<keyof T, string>]: T[K] extends boolean ? K : never }[Extract<keyof T, string>]

export interface Tick {
  id: string
  label: string
  checked: boolean
  error: string | undefined
  onChange: (change: { currentTarget: { checked: boolean } }) => void
}

type Change<V> = V | { currentTarget: { value: string } } | null

function valueOf<V>(change: Change<V>): V {
  const isEvent = typeof change === 'object' && change !== null && 'currentTarget' in change
  return (isEvent ? change.currentTarget.value : (change ?? '')) as V
}

export function useForm<T extends object>(options: Options<T>): Form<T> {
  type Name = Extract<keyof T, string>
  const { initial, labels, check } = options
  const prefix = useId()
  const [values, change, drop] = useValues(options)
  const { errors, attempt, refuse, clear } = useErrors(values, check)
  const [failure, setFailure] = useState<Failure>()
  const [busy, setBusy] = useState(false)
  const [dirty, setDirty] = useState(false)

  const id = (name: Name) => `${prefix}${name}`
  const frame = (name: Name) => ({ id: id(name), label: labels[name], error: errors[name] })

  const set: Form<T>['set'] = (name, value) => {
    change({ [name]: value } as unknown as Partial<T>)
    setDirty(true)
    clear(name)
  }

  const submit: Form<T>['submit'] = async (send) => {
    if (busy) return false
    setFailure(undefined)
    const found = check?.(values) ?? {}
    if (Object.values(found).some(Boolean)) {
      refuse(found, true)
      return false
    }
    clear()
    setBusy(true)
    try {
      await send(values)
      drop()
      setDirty(false)
      return true
    } catch (error) {
      const problem = failureOf(error)
      setFailure(problem)
      refuse(fieldErrors(problem, labels))
      return false
    } finally {
      setBusy(false)
    }
  }

  return {
    values,
    errors,
    failure,
    strays: (failure?.fields ?? []).filter(({ field }) => !(field in labels)).map(({ title }) => title),
    busy,
    dirty,
    attempt,
    labels,
    id,
    set,
    fill: change,
    setErrors: (found) => refuse(found),
    field: (name) => ({ ...frame(name), name, value: values[name], onChange: (next) => set(name, valueOf(next)) }),
    tick: (name) => ({
      ...frame(name),
      checked: values[name] === true,
      onChange: ({ currentTarget }) => set(name, currentTarget.checked as T[typeof name]),
    }),
    submit,
    reset: (next = initial) => {
      change(next)
      drop()
      clear()
      setFailure(undefined)
      setDirty(false)
    },
  }
}

/** The values, kept as a draft where there is a key; `drop` forgets the draft, not the values. */
function useValues<T extends object>({ initial, draft, lasting, secret = [] }: Options<T>) {
  const [values, setValues] = useState<T>(() => (draft ? readDraft(draft, initial, { lasting }) : initial))
  // Two changes in one event build on each other.
  const latest = useRef(values)
  const change = (some: Partial<T>) => {
    const next = { ...latest.current, ...some }
    latest.current = next
    setValues(next)
    if (!draft) return
    const stored: Partial<T> = { ...next }
    for (const name of secret) Reflect.deleteProperty(stored, name)
    keepDraft(draft, stored, { lasting })
  }
  const drop = () => {
    if (draft) dropDraft(draft, { lasting })
  }
  return [values, change, drop] as const
}

/** What was refused, field by field; `attempt` counts the refusals. */
function useErrors<T extends object>(values: T, check: Options<T>['check']) {
  const [kept, setKept] = useState<Errors<T>>({})
  const [hinted, setHinted] = useState(false)
  const [attempt, setAttempt] = useState(0)
  // A hint is said anew at each drawing: it follows the language, and what was typed since.
  const errors = hinted ? said(kept, check?.(values) ?? {}) : kept
  const refuse = (found: Errors<T>, byHint = false) => {
    setKept(found)
    setHinted(byHint)
    setAttempt((count) => count + 1)
  }
  const clear = (name?: Extract<keyof T, string>) => setKept((all) => (name ? { ...all, [name]: undefined } : {}))
  return { errors, attempt, refuse, clear }
}

/** Only what was refused is shown, in the words of now. */
function said<T extends object>(kept: Errors<T>, now: Errors<T>): Errors<T> {
  const shown: Errors<T> = {}
  for (const name of Object.keys(kept) as Extract<keyof T, string>[]) if (kept[name]) shown[name] = now[name] ?? kept[name]
  return shown
}

/** The server's field failures, each at the field of the same name. */
export function fieldErrors<T extends object>(failure: Failure, labels: Record<Extract<keyof T, string>, string>): Errors<T> {
  const errors: Errors<T> = {}
  for (const { field, title } of failure.fields) {
    if (field in labels) errors[field as Extract<keyof T, string>] ??= title
  }
  return errors
}
