// What stands on a printed sheet: the login and the temporary password of each person, read from the PDF's text.
import { readFileSync } from 'node:fs'
import { extractText, getDocumentProxy } from 'unpdf'

export interface Card {
  login: string
  password: string
}

const PASSWORD = /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/g
const LOGIN = /\b[a-z0-9]+(?:\.[a-z0-9]+)+\b/g

/** The text of a PDF, page after page. */
export async function textOf(path: string): Promise<string> {
  const pdf = await getDocumentProxy(new Uint8Array(readFileSync(path)))
  const { text } = await extractText(pdf, { mergePages: true })
  return text
}

/** The cards of a sheet whose logins begin with `stem`. */
export async function cardOf(path: string, stem: string): Promise<Card> {
  const text = await textOf(path)
  for (const password of text.matchAll(PASSWORD)) {
    const before = [...text.slice(0, password.index).matchAll(LOGIN)].map(([login]) => login)
    const after = text.slice(password.index).match(LOGIN) ?? []
    const login = [before.at(-1), after[0]].find((one) => one?.startsWith(stem))
    if (login) return { login, password: password[0] }
  }
  throw new Error(`no card of ${stem} on the sheet:\n${text.slice(0, 2000)}`)
}
