// How a school comes to be, through the browser alone: the application, the operator's word, the agreement, the open portal.
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { awaitLetter, expectAccessible, operator, totp, urls, type Language } from '../support'
import type { Card } from './paper'
import { arrive, field, fillAccount, press, signIn, type Person } from './people'
import type { Say } from './words'

export interface School {
  language: Language
  say: Say
  stamp: string
  email: string
  slug: string
}

let used = ''

/** An operator at the console; a code of the app is taken once, so the next one is waited for. */
export async function operate({ language, say }: School): Promise<Person> {
  const { login, password, totp_secret } = operator()
  const console = await arrive(language, say)
  const desk = console.page
  await desk.goto(urls.console)
  await field(desk, say('common.login')).fill(login)
  await field(desk, say('common.password')).fill(password)
  while (totp(totp_secret) === used) await desk.waitForTimeout(500)
  used = totp(totp_secret)
  await field(desk, say('common.code')).fill(used)
  await press(desk, say('common.sign-in'))
  await desk.getByRole('navigation').first().waitFor()
  return console
}

/** Steps 1 and 2: the application, the operator's word, the letter. */
export async function apply(school: School): Promise<Card> {
  const { say, stamp, email, language } = school
  const contact = await arrive(language, say)
  const { page } = contact
  await page.goto(`${urls.portal}/apply`)
  const fill = async (key: string, value: string) => field(page, say(key)).fill(value)
  await fill('signup-apply.name-kk', `Серуен мектебі ${stamp}`)
  await fill('signup-apply.name-ru', `Школа Прогулка ${stamp}`)
  await fill('signup-apply.bin', '220350000001')
  await field(page, say('signup-apply.language')).selectOption('kk')
  await field(page, say('signup-apply.region')).selectOption('71')
  await fill('signup-apply.city', 'Астана')
  await fill('signup-apply.legal-address', 'Астана, Үлгі көшесі, 5')
  await fill('signup-apply.director', 'Жұмабаева Сәуле Арманқызы')
  await fill('signup-apply.contact-name', 'Оспанова Гүлнар Ержанқызы')
  await fill('common.email', email)
  await fill('common.phone', '8 (701) 123-45-67')
  await fill('signup-apply.pupils', '300')
  await press(page, say('signup-apply.send'))
  await page.getByRole('heading', { name: new RegExp(say('signup-apply.sent').split('{')[0]!.trim()) }).waitFor()
  await contact.close()

  const console = await operate(school)
  const desk = console.page
  await desk.goto(`${urls.console}/applications`)
  await desk.getByRole('link', { name: new RegExp(stamp) }).first().click()
  await press(desk, say('console-applications.approve'))
  await press(desk, say('console-applications.approve-send'))
  await desk.getByText(say('console-applications.done.approve')).waitFor()
  await expectAccessible(desk, 'an application in the console')
  await console.close()

  const letter = await awaitLetter(email, /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/)
  const temporary = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(letter.text)?.[0] ?? ''
  const initial = /\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z0-9]{4}\b(?![./@])/.exec(letter.text.replace(/https?:\S+|\S+@\S+/g, ''))?.[0] ?? ''
  return { login: initial, password: temporary }
}

/** Step 3: own login, both agreements, and the service that is made while one looks on. */
export async function activate(school: School, card: Card, password: string): Promise<Person> {
  const { say, language, stamp } = school
  const admin = await arrive(language, say)
  const { page } = admin
  await signIn(admin, card.login, card.password)
  await field(page, say('signup-account.login')).waitFor()
  await page.locator('code').first().waitFor()
  await fillAccount(admin, `akimshi.${stamp}`, password)
  await press(page, say('signup-activate.to-terms'))
  await field(page, say('signup-account.accept')).check()
  await press(page, say('signup-activate.accept'))
  await field(page, say('signup-activate.director')).waitFor()
  await expectAccessible(page, 'the agreement')
  await press(page, say('signup-activate.draw'))
  await page.getByRole('region', { name: say('signup-activate.document') }).waitFor()
  await field(page, say('signup-activate.signed-name')).fill('Жұмабаева Сәуле Арманқызы')
  await field(page, say('signup-activate.accepted')).check()
  await press(page, say('signup-activate.sign'))
  await field(page, say('signup-activate.slug')).fill(school.slug)
  await press(page, say('signup-activate.activate'))
  await page.getByRole('list', { name: say('signup-activate.steps') }).waitFor()
  await press(page, say('signup-activate.enter'))
  await page.getByRole('heading', { name: say('desk.setup.title') }).waitFor()
  return admin
}

/** The year, the country's subjects and one class. */
export async function furnish(school: School, { page, say }: Person, [grade, letter]: readonly [string, string]) {
  await page.goto(at(school, '/calendar'))
  await press(page, say('calendar.save'))
  await page.getByRole('link', { name: say('calendar.next') }).waitFor()
  await page.goto(at(school, '/subjects'))
  await press(page, say('classes.subjects.defaults'))
  await page.getByRole('table').waitFor()
  await page.goto(at(school, '/classes'))
  await field(page, say('classes.grade')).selectOption(grade)
  await field(page, say('classes.letter')).fill(letter)
  await press(page, say('classes.add'))
  await page.getByText(`${grade}${letter}`).first().waitFor()
}

/** The sheets of a kind of people in the whole school, saved. */
export async function printed(school: School, { page, say }: Person, who: 'students' | 'guardians' | 'staff' | 'all'): Promise<string> {
  await page.goto(at(school, '/credentials'))
  await field(page, say('credentials.who')).selectOption(who)
  await press(page, say('credentials.print'))
  const button = page.getByRole('button', { name: new RegExp(`^${say('credentials.fetch')}`) })
  await button.first().waitFor({ timeout: 60_000 })
  const [download] = await Promise.all([page.waitForEvent('download'), button.first().click()])
  const path = join(tmpdir(), `kundelik-${school.slug}-${who}.pdf`)
  await download.saveAs(path)
  return path
}

/** A page of the school's portal. */
export const at = (school: School, path: string) => `${urls.portal}/${school.slug}${path}`
