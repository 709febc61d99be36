// The user agreement's text: its clauses in the reader's language, with version and day.
import { List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { formatDate } from '~/lib/dates'
import { useLanguage } from '~/lib/useLanguage'
import type { Language } from '~/lib/language'
import { DataState } from '~/ui/DataState'
import { useT } from '~/ui/text'
import { api } from './api'
import classes from './Terms.module.css'

export const termsRead = (lang: Language) => api.queryOptions('get', '/terms', { params: { query: { lang } } }, { staleTime: 600_000 })

/** `boxed` has its own scrolling, for a form; plain is for a page. */
export function Terms({ boxed = false }: { boxed?: boolean }) {
  const t = useT()
  const { language } = useLanguage()
  const terms = useQuery(termsRead(language))
  return (
    <DataState query={terms}>
      {({ version, published_on, title, clauses }) => (
        <div className={boxed ? classes.box : undefined} {...(boxed && { tabIndex: 0, role: 'region', 'aria-label': title })}>
          <Text size="sm" c="dimmed" mb="sm">
            {t('signup.terms-version', { version, date: formatDate(published_on) })}
          </Text>
          <List listStyleType="none" spacing="sm" className={classes.clauses}>
            {clauses.map(({ number, text }) => (
              <List.Item key={number}>
                <span className={classes.number}>{number}</span> {text}
              </List.Item>
            ))}
          </List>
        </div>
      )}
    </DataState>
  )
}
