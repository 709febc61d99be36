// The language of letters. The language of pages is chosen at the foot of each.
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { Language } from '~/lib/language'
import { accountChanged, type Account } from '~/portal/account'
import { api } from '~/portal/api'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'
import { Section } from './Section'

const NAMES: Record<Language, string> = { kk: 'Қазақша', ru: 'Русский', en: 'English' }

export function LanguageChoice({ account }: { account: Account }) {
  const t = useT()
  const [saved, setSaved] = useState(false)
  const put = api.useMutation('put', '/account/language', {
    onSuccess: async () => {
      setSaved(true)
      await accountChanged()
    },
  })
  return (
    <Section title={t('account.language-title')} said={saved && t('account.language-saved')}>
      {put.error && <FailureNote error={put.error} />}
      <NativeSelect
        label={t('account.language')}
        maw="14rem"
        value={account.language}
        onChange={(event) => put.mutate({ body: { language: event.currentTarget.value as Language } })}
        data={Object.entries(NAMES).map(([value, label]) => ({ value, label }))}
      />
    </Section>
  )
}
