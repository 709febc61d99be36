// What single persons do on the way: sign in, register, enter other people.
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import { chooseLanguage, expectAccessible, openWindow, picture, pictures, sidewaysScroll, totp, urls, WIDTHS, type Language, type Window } from '../support'
import type { Card } from './paper'
import { words, type Say } from './words'

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

/** Something was said: ✓ and so on. */
export async function said(page: Page, text: string | RegExp) {
  await page.getByRole('status').filter({ hasText: text }).first().waitFor()
}

/** A text as far as it stands before its first placeholder. */
export function beginning(text: string): string {
  return text.split('{')[0]?.trim() ?? text
}

/** A page that was touched: pictures in two languages and widths, axe, and no scrolling sideways on a phone. */
export async function look(page: Page, name: string) {
  await pictures(page, name)
  await expectAccessible(page, name)
  const size = page.viewportSize() ?? WIDTHS.desk
  await page.setViewportSize(WIDTHS.phone)
  assert.equal(await sidewaysScroll(page), 0, `${name} scrolls sideways on a phone`)
  await page.setViewportSize(size)
}

/** Everything on a page that can be acted on is reached by Tab; of a group of radio buttons one, as the arrows lead on.
 * Returns how many there are. */
export async function expectTabbable(page: Page, name: string): Promise<number> {
  const expected = await page.evaluate(() => {
    const acts = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')].filter(
      (one) => one.tabIndex >= 0 && !one.matches(':disabled') && !one.closest('[inert], [aria-hidden=true]') && one.checkVisibility({ visibilityProperty: true }),
    )
    const names = new Set(
      acts.map((one, at) => {
        one.dataset.tab = one instanceof HTMLInputElement && one.type === 'radio' ? `radio ${one.name}` : `${at} ${one.textContent || one.id}`
        return one.dataset.tab
      }),
    )
    document.body.tabIndex = -1
    document.body.focus()
    return [...names]
  })
  const left = new Set(expected)
  // Places that scroll are stops of their own.
  for (let pressed = 0; left.size > 0 && pressed < 2 * expected.length + 20; pressed++) {
    await page.keyboard.press('Tab')
    left.delete((await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.tab)) ?? '')
  }
  assert.ok(expected.length > 0, `${name}: nothing can be acted on`)
  assert.deepEqual([...left], [], `${name}: not reached by Tab`)
  return expected.length
}

/** The same of what covers the switch of languages: it is opened anew in each language and width. */
export async function lookInside({ page }: Person, name: string, open: (say: Say) => Promise<void>) {
  const before = await page.evaluate(() => document.documentElement.lang)
  for (const language of ['kk', 'ru'] as const) {
    await chooseLanguage(page, language)
    for (const size of [WIDTHS.phone, WIDTHS.desk]) {
      await page.setViewportSize(size)
      await open(words(language))
      await page.getByRole('dialog').waitFor()
      await picture(page, name)
      assert.equal(await sidewaysScroll(page), 0, `${name} scrolls sideways at ${size.width} px`)
      if (size === WIDTHS.desk) await expectAccessible(page, `${name} (${language})`)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
  }
  await chooseLanguage(page, before as Language)
}

/** Adds somebody on the people page of the kind. */
export async function addPerson({ page, say }: Person, kind: 'staff' | 'student' | 'guardian', fill: (drawer: Locator) => Promise<void>) {
  await press(page, say(`people.add.${kind}`))
  const drawer = page.getByRole('dialog')
  await drawer.waitFor()
  await fill(drawer)
  await drawer.getByRole('button', { name: say(`people.save.${kind}`), exact: true }).click()
  await said(page, beginning(say('people.added')))
}

export async function fillName(drawer: Locator, say: Say, [surname, given, sex]: readonly [string, string, 'f' | 'm']) {
  await field(drawer, say('common.surname')).fill(surname)
  await field(drawer, say('common.given-name')).fill(given)
  await field(drawer, say('common.sex')).selectOption(sex)
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
