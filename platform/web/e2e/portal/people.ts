// What single persons do on the way: sign in, register, enter other people.
import type { Locator, Page } from 'playwright-core'
import { openWindow, totp, urls, type Language, type Window } from '../support'
import type { Card } from './paper'
import type { Say } from './words'

/** A person at a window of his or her own. */
export interface Person extends Window {
  say: Say
}

export async function arrive(language: Language, say: Say): Promise<Person> {
  return { ...(await openWindow(language)), say }
}

export async function press(page: Page, name: string) {
  await page.getByRole('button', { name, exact: true }).first().click()
}

/** The field of a label, whether or not the label says that it is not needed. */
export function field(page: Page | Locator, label: string) {
  return page.getByLabel(new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)).first()
}

export async function signIn({ page, say }: Person, login: string, password: string, secret?: string) {
  await page.goto(`${urls.portal}/`)
  await field(page, say('common.login')).fill(login)
  await field(page, say('common.password')).fill(password)
  await press(page, say('common.sign-in'))
  if (!secret) return
  await field(page, say('common.code')).fill(totp(secret))
  await press(page, say('common.sign-in'))
}

/** The four fields of an account; returns the secret of the second factor where one was made. */
export async function fillAccount({ page, say }: Person, login: string, password: string): Promise<string | undefined> {
  await field(page, say('signup-account.login')).fill(login)
  await field(page, say('signup-account.password')).fill(password)
  const key = page.locator('code')
  if (!(await key.count())) return undefined
  const secret = (await key.first().innerText()).replace(/\s/g, '')
  await field(page, say('common.code')).fill(totp(secret))
  return secret
}

/** From the card of a sheet to one's own first page. */
export async function register(person: Person, card: Card, login: string, password: string) {
  const { page, say } = person
  await signIn(person, card.login, card.password)
  await page.getByRole('heading', { name: say('signup-account.title') }).waitFor()
  await fillAccount(person, login, password)
  await page.getByLabel(say('signup-account.accept')).check()
  await press(page, say('signup-account.register'))
  await page.waitForURL((url) => !/^\/(register|activate)?$/.test(url.pathname))
}
