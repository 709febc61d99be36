// The three languages, each by its own name. Which one is chosen and what a choice does is told from outside.
import classes from './LanguageSwitch.module.css'
import { useT } from './text'

const NAMES = { kk: 'Қазақша', ru: 'Русский', en: 'English' } as const
export type LanguageCode = keyof typeof NAMES

interface Props {
  value: LanguageCode
  onChange: (language: LanguageCode) => void
}

export function LanguageSwitch({ value, onChange }: Props) {
  const t = useT()
  return (
    <div role="group" aria-label={t('ui.language')} className={classes.root}>
      {(Object.keys(NAMES) as LanguageCode[]).map((code) => (
        <button
          key={code}
          type="button"
          lang={code}
          className={classes.choice}
          aria-pressed={code === value}
          onClick={() => onChange(code)}
        >
          {NAMES[code]}
        </button>
      ))}
    </div>
  )
}
