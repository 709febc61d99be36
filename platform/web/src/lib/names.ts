// Names of persons: surname first in lists, short forms, and the folding that finds "Нұргүл" by "нургуль".

/** "Сұлтанова Айгүл Бекқызы" → "Сұлтанова А. Б."; a single word stays. */
export function shortName(fullName: string): string {
  const [surname = '', ...rest] = fullName.trim().split(/\s+/)
  return [surname, ...rest.map((part) => `${Array.from(part)[0] ?? ''}.`)].join(' ')
}

/** "Сұлтанова Айгүл" → "СА": for small round places. */
export function initials(fullName: string): string {
  return fullName
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => Array.from(part)[0] ?? '')
    .join('')
    .toLocaleUpperCase('kk')
}

const FOLD: Record<string, string> = { ә: 'а', ғ: 'г', қ: 'к', ң: 'н', ө: 'о', ұ: 'у', ү: 'у', һ: 'х', і: 'и', ё: 'е' }

/** Lower case without the letters that keyboards lack, and without the soft sign. For comparing, not for showing. */
export function fold(text: string): string {
  return text
    .toLocaleLowerCase('kk')
    .normalize('NFC')
    .replace(/[әғқңөұүһіё]/g, (letter) => FOLD[letter] ?? letter)
    .replace(/ь/g, '')
}

/** Does every word that was typed begin some word of the name? */
export function matchesName(name: string, typed: string): boolean {
  const words = fold(name).split(/\s+/)
  return fold(typed)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)))
}

const collator = new Intl.Collator('kk')

/** The order of the Kazakh alphabet, right for Russian names too. */
export function byName(left: { full_name: string }, right: { full_name: string }): number {
  return collator.compare(left.full_name, right.full_name)
}
