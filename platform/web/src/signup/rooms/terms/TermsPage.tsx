// The user agreement by itself, at the address that printed sheets and letters name.
import { useQuery } from '@tanstack/react-query'
import { useLanguage } from '~/lib/useLanguage'
import { Terms, termsRead } from '~/signup/Terms'
import { PageHead } from '~/ui/PageHead'
import { useT } from '~/ui/text'

export function TermsPage() {
  const t = useT()
  const { language } = useLanguage()
  const terms = useQuery(termsRead(language))
  return (
    <article>
      <PageHead title={terms.data?.title ?? t('signup.terms')} />
      <Terms />
    </article>
  )
}
