// What every browser test stands on: the browser, the addresses, pictures in two languages and two widths, axe, the mail.
// Addresses come from the environment; a test makes no call to the product's API and reads no database.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type axe from 'axe-core'
import * as OTPAuth from 'otpauth'
import { chromium, type BrowserContext, type Page } from 'playwright-core'

function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: it says where the browser tests find the running product`)
  return value.replace(/\/$/, '')
}

/** Where the product runs: E2E_PORTAL_URL, E2E_CONSOLE_URL, E2E_MAIL_URL (the catcher's page). */
export const urls = {
  get portal() {
    return setting('E2E_PORTAL_URL')
  },
  get console() {
    return setting('E2E_CONSOLE_URL')
  },
  get mail() {
    return setting('E2E_MAIL_URL')
  },
}

/** The workbook of an invented school: 1,000 students, 1,600 guardians, 90 staff, 3 % errors (E2E_WORKBOOK). */
export function workbook(): string {
  return setting('E2E_WORKBOOK')
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export type Language = 'kk' | 'ru' | 'en'
export const WIDTHS = { desk: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const

export interface Window {
  context: BrowserContext
  page: Page
  close: () => Promise<void>
}

/** A person at a browser of his or her own: fresh profile, the language chosen, the width given. */
export async function openWindow(language: Language, width: keyof typeof WIDTHS = 'desk'): Promise<Window> {
  const profile = mkdtempSync(join(tmpdir(), 'kundelik-e2e-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: setting('E2E_CHROMIUM'),
    headless: true,
    args: FLAGS,
    viewport: WIDTHS[width],
    locale: language,
    timezoneId: 'Asia/Almaty',
    acceptDownloads: true,
    reducedMotion: 'reduce',
  })
  // The choice is made as the switch makes it, before any page is loaded.
  await context.addInitScript((code) => {
    // A frame that shows a PDF has no storage.
    const store = globalThis.localStorage as Storage | null
    if (store && !store.getItem('kundelik.language')) store.setItem('kundelik.language', code)
  }, language)
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    context,
    page,
    close: async () => {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

/** The operator that was made for the walks (E2E_OPERATOR, JSON). */
export function operator(): { login: string; password: string; totp_secret: string } {
  return JSON.parse(setting('E2E_OPERATOR')) as { login: string; password: string; totp_secret: string }
}

const OUTPUT = process.env.E2E_OUT ?? join(import.meta.dirname, 'output')

/** A picture of the page as it is now, in E2E_OUT or e2e/output: <name>.<language>.<width>.png */
export async function picture(page: Page, name: string): Promise<string> {
  mkdirSync(OUTPUT, { recursive: true })
  const language = await page.evaluate(() => document.documentElement.lang)
  const path = join(OUTPUT, `${name}.${language}.${page.viewportSize()?.width ?? 0}.png`)
  await page.screenshot({ path, fullPage: true })
  return path
}

/** Pictures of the page in kk and ru, 1280 and 390 px wide; the page ends as it began. Returns the paths. */
export async function pictures(page: Page, name: string): Promise<string[]> {
  const before = { size: page.viewportSize() ?? WIDTHS.desk, language: await page.evaluate(() => document.documentElement.lang) }
  const paths: string[] = []
  for (const language of ['kk', 'ru'] as const) {
    await chooseLanguage(page, language)
    for (const size of Object.values(WIDTHS)) {
      await page.setViewportSize(size)
      paths.push(await picture(page, name))
    }
  }
  await page.setViewportSize(before.size)
  await chooseLanguage(page, before.language as Language)
  return paths
}

const NAMES: Record<Language, string> = { kk: 'Қазақша', ru: 'Русский', en: 'English' }

/** By the switch at the foot or head of every page, as a person does it. */
export async function chooseLanguage(page: Page, language: Language) {
  await page.getByRole('button', { name: NAMES[language], exact: true }).first().click()
  await page.waitForFunction((code) => document.documentElement.lang === code, language)
}

const require = createRequire(import.meta.url)
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

export interface Finding {
  rule: string
  impact: string
  nodes: string[]
}

/** What axe finds of WCAG 2.2 A and AA that is serious or critical. */
export async function axeFindings(page: Page): Promise<Finding[]> {
  // Evaluated through the protocol, so that the page's content policy is not in the way.
  await page.evaluate(AXE)
  const results = await page.evaluate(async () => {
    const tool = (globalThis as unknown as { axe: typeof axe }).axe
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    return (await tool.run(document, { runOnly: { type: 'tag', values: tags } })).violations
  })
  return results
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => ({ rule: id, impact: impact ?? '', nodes: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary ?? ''}`) }))
}

/** Fails with what was found, so that the message says where. */
export async function expectAccessible(page: Page, name: string) {
  const findings = await axeFindings(page)
  if (findings.length > 0) throw new Error(`axe on ${name}:\n${JSON.stringify(findings, undefined, 2)}`)
}

/** How far the page can be scrolled sideways: 0 is right at every width. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

export interface Letter {
  id: string
  subject: string
  to: string[]
  text: string
  html: string
  messageId: string
}

interface Caught {
  id: string
  subject?: string
  text?: string
  html?: string
  messageId?: string
  to?: { address: string }[] | string
}

/** The letters that the catcher holds for an address, oldest first. */
export async function lettersTo(address: string): Promise<Letter[]> {
  const response = await fetch(`${urls.mail}/api/email`)
  if (!response.ok) throw new Error(`the mail catcher answered ${response.status}`)
  const caught = (await response.json()) as Caught[]
  return caught
    .map((letter) => ({
      id: letter.id,
      subject: letter.subject ?? '',
      to: Array.isArray(letter.to) ? letter.to.map((one) => one.address) : [String(letter.to ?? '')],
      text: letter.text ?? '',
      html: letter.html ?? '',
      messageId: letter.messageId ?? '',
    }))
    .filter((letter) => letter.to.some((one) => one.includes(address)))
}

/** Waits for a letter that holds `what`; asks twice a second. */
export async function awaitLetter(address: string, what: string | RegExp, seconds = 30): Promise<Letter> {
  const until = Date.now() + seconds * 1000
  for (;;) {
    const found = (await lettersTo(address)).find(({ subject, text }) => `${subject}\n${text}`.search(what) >= 0)
    if (found) return found
    if (Date.now() > until) throw new Error(`no letter to ${address} holding ${what} within ${seconds} s`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** The six digits that a code app would show now for a secret in base32. */
export function totp(secret: string): string {
  return new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret.replace(/\s/g, '')), digits: 6, period: 30 }).generate()
}
