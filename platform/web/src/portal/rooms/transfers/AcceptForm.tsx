// What a file holds, field by field; who of it is here already; the class; then all of it is taken in at once.
import { Anchor, NativeSelect, Radio, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { formatDate, parseDate } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { named, useLanguage } from '~/lib/useLanguage'
import { classList } from '~/portal/dictionaries'
import { useMe } from '~/portal/me'
import { paths } from '~/portal/paths'
import { Cancel } from '~/ui/Cancel'
import { Facts, type Fact } from '~/ui/Facts'
import { FieldRow } from '~/ui/FieldRow'
import { Needed } from '~/ui/Needed'
import { useT, type Translate } from '~/ui/text'
import { accept, NEW, NOT, proposed, type Accepted, type Opened, type Person, type Twin } from './transfer'
import styles from './transfers.module.css'

interface Props {
  opened: Opened
  onDone: (accepted: Accepted) => void
  onCancel: () => void
}

export function AcceptForm({ opened: { content, preview }, onDone, onCancel }: Props) {
  const t = useT()
  const me = useMe()
  const { language } = useLanguage()
  const classes = useQuery(classList())
  const form = useForm({
    initial: {
      same_as: proposed(preview.alike),
      class_id: '',
      enrolled_on: formatDate(me.today),
      guardians: preview.guardians.map(({ alike }) => proposed(alike)),
    },
    labels: { same_as: t('transfers.student-is'), class_id: t('common.class'), enrolled_on: t('people.enrolled-on'), guardians: t('people.guardians') },
    check: ({ same_as, class_id, enrolled_on, guardians }) => ({
      same_as: same_as ? undefined : t('transfers.choose'),
      enrolled_on: !class_id || parseDate(enrolled_on) ? undefined : t('portal.date-wrong'),
      guardians: guardians.every(Boolean) ? undefined : t('transfers.choose'),
    }),
  })
  const { values } = form
  const send = async ({ same_as, class_id, enrolled_on, guardians }: typeof values) => {
    const comers = guardians.flatMap((is, place) => (is === NOT ? [] : [{ place, ...(is !== NEW && { same_as: is }) }]))
    const day = parseDate(enrolled_on)
    const accepted = await accept({
      content,
      guardians: comers,
      ...(same_as !== NEW && { same_as }),
      ...(class_id && { class_id, ...(day && { enrolled_on: day }) }),
    })
    if (accepted) onDone(accepted)
  }
  // Where the summary of errors leads.
  const unanswered = Math.max(0, values.guardians.indexOf(''))
  const choose = (place: number, is: string) => form.set('guardians', values.guardians.map((before, at) => (at === place ? is : before)))
  return (
    <Form form={form} onSend={send} action={t('transfers.accept-action')} label={t('transfers.accept')} aside={<Cancel onClick={onCancel} />}>
      <Text>
        {t('transfers.from', {
          school: named(preview, 'from', language),
          number: preview.number,
          date: formatDate(preview.expires_at.slice(0, 10)),
        })}
      </Text>
      <section className={styles.person} aria-label={t('transfers.student')}>
        <Title order={2}>{t('transfers.student')}</Title>
        <Facts look="columns" facts={[...personal(preview.student, t), ...schooling(preview, t)]} />
        {preview.alike.length > 0 && (
          <Choice id={form.id('same_as')} label={form.labels.same_as} error={form.errors.same_as} value={values.same_as} onChange={(is) => form.set('same_as', is)} alike={preview.alike} />
        )}
        <Needed of={[classes]} />
        <FieldRow align="start">
          <NativeSelect
            {...form.field('class_id')}
            data={[{ value: '', label: t('transfers.class-later') }, ...(classes.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
          />
          {values.class_id && <TextInput {...form.field('enrolled_on')} description={t('portal.date-help')} inputMode="numeric" maxLength={10} autoComplete="off" />}
        </FieldRow>
      </section>
      {preview.guardians.map(({ relation, facts, alike }, place) => (
        <section key={place} className={styles.person} aria-label={nameOf(facts)}>
          <Title order={2}>{t(`transfers.guardian.${relation}`)}</Title>
          <Facts look="columns" facts={personal(facts, t)} />
          <Choice
            id={place === unanswered ? form.id('guardians') : undefined}
            label={t('transfers.guardian-is')}
            error={values.guardians[place] ? undefined : form.errors.guardians}
            value={values.guardians[place] ?? ''}
            onChange={(is) => choose(place, is)}
            alike={alike}
            optional
          />
        </section>
      ))}
    </Form>
  )
}

const nameOf = ({ surname, given_name, patronymic }: Person) => [surname, given_name, patronymic].filter(Boolean).join(' ')

/** What the former school says of the time there. */
function schooling({ since, last_class, left_on }: Opened['preview'], t: Translate): Fact[] {
  return [
    [t('transfers.last-class'), last_class && `${last_class.grade}${last_class.letter}`],
    [t('transfers.since'), since && formatDate(since)],
    [t('transfers.left-on'), left_on && formatDate(left_on)],
  ]
}

function personal(person: Person, t: Translate): Fact[] {
  return [
    [t('common.surname'), person.surname],
    [t('common.given-name'), person.given_name],
    [t('common.patronymic'), person.patronymic],
    [t('common.birth-date'), person.birth_date && formatDate(person.birth_date)],
    [t('common.sex'), t(`common.sex.${person.sex}`)],
    [t('common.phone'), person.phone],
    [t('common.email'), person.email],
  ]
}

interface ChoiceProps {
  id: string | undefined
  label: string
  error: string | undefined
  value: string
  onChange: (is: string) => void
  alike: Twin[]
  /** May also stay out. */
  optional?: boolean
}

/** Who it is: somebody new, or one who is here. Who lies in the archive returns first, on the card. */
function Choice({ id, label, error, value, onChange, alike, optional = false }: ChoiceProps) {
  const t = useT()
  const archived = alike.filter(({ state }) => state === 'archived')
  return (
    <Stack gap={4}>
      <Radio.Group id={id} label={label} error={error} value={value} onChange={onChange}>
        <Stack gap="xs" mt={4}>
          <Radio value={NEW} label={t('transfers.is-new')} />
          {alike.map((twin) => (
            <Radio key={twin.id} value={twin.id} disabled={twin.state === 'archived'} label={t('transfers.is-here', { name: wordsOf(twin, t) })} description={likenessOf(twin, t)} />
          ))}
          {optional && <Radio value={NOT} label={t('transfers.is-not')} />}
        </Stack>
      </Radio.Group>
      {archived.map(({ id: person, kind, full_name }) => (
        <Text key={person} size="sm">
          {t('transfers.archived-help')}{' '}
          <Anchor inherit renderRoot={(props) => <Link {...props} to={paths.people} search={{ kind, person }} />}>
            {full_name}
          </Anchor>
        </Text>
      ))}
    </Stack>
  )
}

function wordsOf({ full_name, birth_date, class_name, kind, state }: Twin, t: Translate): string {
  const role = kind === 'staff' ? t('transfers.of-staff') : undefined
  return [full_name, birth_date && formatDate(birth_date), class_name, role, state === 'archived' && t('transfers.in-archive')].filter(Boolean).join(', ')
}

function likenessOf({ likeness, same_phone }: Twin, t: Translate): string {
  return [likeness && t(`people.likeness.${likeness}`), same_phone && t('transfers.same-phone')].filter(Boolean).join('. ')
}
