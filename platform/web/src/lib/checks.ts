// What a browser can see of a value before it is sent. These are hints: the server parses and decides.

const BIN = /^\d{12}$/

/** БСН/BIN: twelve digits whose last one is the check digit (weights 1…11, then 3…11, 1, 2). */
export function isBin(text: string): boolean {
  const plain = text.replace(/\s/g, '')
  if (!BIN.test(plain)) return false
  const digits = Array.from(plain, Number)
  const sum = (shift: number) => digits.slice(0, 11).reduce((total, digit, at) => total + digit * (((at + shift) % 11) + 1), 0) % 11
  const first = sum(0)
  const check = first === 10 ? sum(2) : first
  return check !== 10 && check === digits[11]
}

/** Looks like a phone: ten to fifteen digits, with the usual signs between them. */
export function isPhone(text: string): boolean {
  return /^\+?[\d\s()-]+$/.test(text.trim()) && /^\d{10,15}$/.test(text.replace(/\D/g, ''))
}

/** Looks like an e-mail address: something, `@`, a name with a dot, no gaps. */
export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text.trim())
}

/** A login of one's own: Latin letters, digits, dot, hyphen, underscore; begins with a letter or a digit. Case is folded by the server. */
export function isLogin(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{2,63}$/i.test(text)
}
