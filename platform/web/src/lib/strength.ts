// How strong a password looks, for words beside the field. A rough measure: the server's dictionary decides.

export type Strength = 'empty' | 'short' | 'weak' | 'fair' | 'good'

const ROWS = ['abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '01234567890', 'йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю']
const COMMON = ['password', 'qwerty', 'пароль', 'кунделик', 'күнделік', 'kundelik', 'admin', 'school', 'мектеп', 'школа', 'iloveyou', 'welcome']

/** `about` are words that a guesser tries first: the login, parts of the name, the school. */
export function strengthOf(password: string, shortest: number, about: string[] = []): Strength {
  if (!password) return 'empty'
  if (Array.from(password).length < shortest) return 'short'
  const bits = entropy(strip(password.toLowerCase(), [...COMMON, ...about]), password)
  if (bits < 36) return 'weak'
  return bits < 56 ? 'fair' : 'good'
}

/** Guessable parts count as one sign each. */
function strip(password: string, words: string[]): string {
  let left = password
  for (const word of words) {
    const plain = word.toLowerCase()
    if (plain.length >= 3) left = left.split(plain).join('\u0000')
  }
  left = left.replace(/(.)\1{2,}/g, '$1').replace(/(19|20)\d\d/g, '\u0000')
  return withoutRuns(left)
}

/** Runs of four or more neighbours on a keyboard or in an alphabet shrink to one sign. */
function withoutRuns(password: string): string {
  let out = ''
  let at = 0
  while (at < password.length) {
    const run = runAt(password, at)
    out += password[at] ?? ''
    at += run >= 4 ? run : 1
  }
  return out
}

function runAt(password: string, at: number): number {
  let longest = 1
  for (const row of ROWS.flatMap((forward) => [forward, Array.from(forward).reverse().join('')])) {
    let length = 1
    while (at + length < password.length && row.includes(password.slice(at, at + length + 1))) length += 1
    longest = Math.max(longest, length)
  }
  return longest
}

function entropy(rest: string, whole: string): number {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(whole)).length
  const pool = [10, 26, 40, 62, 80][kinds] ?? 80
  const letters = Array.from(rest)
  // Signs that come back are worth less.
  const worth = Math.min(letters.length, new Set(letters).size * 1.6)
  return worth * Math.log2(pool)
}
