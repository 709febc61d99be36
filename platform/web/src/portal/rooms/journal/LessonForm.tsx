// A lesson's topic and homework, and its roll.
import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { formatDate } from '~/lib/dates'
import { Form } from '~/lib/Form'
import { useForm } from '~/lib/form'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import { useLessonEdit, useRollTake, type Lesson } from './queries'

interface Props {
  lesson: Lesson
  editable: boolean
  onClose?: () => void
}

export function LessonForm({ lesson, editable, onClose }: Props) {
  const t = useT()
  const edit = useLessonEdit()
  const form = useForm({
    initial: { topic: lesson.topic ?? '', homework: lesson.homework ?? '' },
    labels: { topic: t('journal.topic'), homework: t('journal.homework') },
  })
  return (
    <Stack gap="sm">
      <Text fw={600}>
        {t('journal.lesson', { date: formatDate(lesson.date), number: lesson.number })}, {lesson.begins}–{lesson.ends}
      </Text>
      <RollButton lesson={lesson} editable={editable} />
      {editable ? (
        <Form
          form={form}
          label={t('journal.lesson-form')}
          action={t('journal.lesson-save')}
          guarded={false}
          onSend={async ({ topic, homework }) => {
            await edit.mutateAsync({
              params: { path: { id: lesson.id } },
              body: { version: lesson.version, topic: topic.trim() || undefined, homework: homework.trim() || undefined },
            })
            onClose?.()
          }}
          aside={
            onClose && (
              <Button variant="default" onClick={onClose}>
                {t('ui.close')}
              </Button>
            )
          }
        >
          <TextInput {...form.field('topic')} maxLength={500} data-autofocus />
          <Textarea {...form.field('homework')} maxLength={4000} rows={3} />
        </Form>
      ) : (
        <>
          <Text size="sm">
            {t('journal.topic')}: {lesson.topic ?? '–'}
          </Text>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
            {t('journal.homework')}: {lesson.homework ?? '–'}
          </Text>
        </>
      )}
    </Stack>
  )
}

/** The roll is taken when somebody says so, also where all were there. */
export function RollButton({ lesson, editable }: { lesson: Lesson; editable: boolean }) {
  const t = useT()
  const roll = useRollTake()
  if (lesson.roll_taken) {
    return (
      <Text size="sm" c="var(--k-good)" role="status">
        <span aria-hidden>✓ </span>
        {t('journal.roll-taken')}
      </Text>
    )
  }
  if (lesson.lock) return <Text size="sm">{lesson.lock.title}</Text>
  if (!editable) return <Text size="sm">{t('journal.roll-open')}</Text>
  return (
    <Group>
      {Boolean(roll.error) && <FailureNote error={roll.error} />}
      <Button variant="light" loading={roll.isPending} onClick={() => roll.mutate({ body: { lesson_id: lesson.id } })}>
        {t('journal.roll-take')}
      </Button>
    </Group>
  )
}
