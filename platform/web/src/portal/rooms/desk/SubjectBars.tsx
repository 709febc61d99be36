// Marks by subject: a small bar with the running percent; opened, the marks that it is made of.
import { Text } from '@mantine/core'
import { formatDate } from '~/lib/dates'
import { formatDecimal } from '~/lib/numbers'
import { named, useLanguage } from '~/lib/useLanguage'
import { useT } from '~/ui/text'
import classes from './desk.module.css'
import type { SubjectMarks } from './queries'

export function SubjectBars({ subjects }: { subjects: SubjectMarks[] }) {
  const t = useT()
  const { language } = useLanguage()
  if (subjects.length === 0) return <Text>{t('desk.family.no-marks')}</Text>
  return subjects.map((subject) => (
    <details key={subject.subject_id} className={classes.subject}>
      <summary>
        <span className={classes.sum}>
          <Text span fw={600}>
            {named(subject, 'subject', language)}
          </Text>
          <Text span>
            {subject.percent === undefined ? t('desk.family.no-percent') : `${formatDecimal(subject.percent, language)} %`}
            {subject.grade !== undefined && ` · ${t('desk.family.grade', { grade: subject.grade })}`}
          </Text>
          {subject.percent !== undefined && (
            <span className={classes.bar} aria-hidden>
              <span style={{ width: `${Math.min(100, Number(subject.percent))}%` }} />
            </span>
          )}
        </span>
      </summary>
      <ul>
        {subject.marks.map((mark, index) => (
          <li key={index}>
            {formatDate(mark.date)} · {t(`desk.family.kind.${mark.kind}`)}: {mark.value}/{mark.max}
            {mark.comment ? ` · ${mark.comment}` : ''}
          </li>
        ))}
      </ul>
    </details>
  ))
}
