// Two schools and one family: a student goes from one to the other by a sealed file; his mother and he attach the new school
// to the accounts they have, she inside the first school, he at the page to which the paper leads, and she goes from one
// school to the other.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import type { Walk } from '../run'
import { picture, urls, type Language } from '../support'
import { cardOf } from './paper'
import { addPerson, arrive, field, fillName, look, lookInside, press, register, said, signIn, type Person } from './people'
import { activate, apply, at, furnish, printed, type School } from './school'
import { words } from './words'

const PASSWORDS = { admin: 'Қоңыр-сағат-жүзім-41', mother: 'Алма-көпір-тұман-58', son: 'Тасбақа-бұлақ-96' }

/** The student and his mother, whom the first school enters and who register there. */
async function family(school: School, admin: Person): Promise<{ mother: Person; son: Person }> {
  const { page, say } = admin
  await page.goto(at(school, '/people?kind=student'))
  await addPerson(admin, 'student', async (drawer) => {
    await fillName(drawer, say, ['Омаров', 'Тимур', 'm'])
    await field(drawer, say('common.birth-date')).fill('15.04.2013')
    await field(drawer, say('common.class')).selectOption({ label: '7Ә' })
    await field(drawer, say('people.enrolled-on')).fill('01.09.2026')
  })
  await page.goto(at(school, '/people?kind=guardian'))
  await addPerson(admin, 'guardian', async (drawer) => {
    await fillName(drawer, say, ['Омарова', 'Ләззат', 'f'])
    await field(drawer, say('common.phone')).fill('8 (701) 765-43-21')
    await field(drawer, say('people.child-search')).fill('омаров тим')
    await drawer.getByRole('button', { name: /Омаров Тимур/ }).first().click()
  })
  const sheet = await printed(school, admin, 'all')
  const [mother, son] = [await arrive(school.language, say), await arrive(school.language, say)]
  await register(mother, await cardOf(sheet, 'omarova'), `lazzat.${school.stamp}`, PASSWORDS.mother)
  await register(son, await cardOf(sheet, 'omarov.'), `timur.${school.stamp}`, PASSWORDS.son)
  return { mother, son }
}

/** The first school makes the file for the second one. */
async function sendOff(from: School, to: School, admin: Person): Promise<string> {
  const { page, say } = admin
  await page.goto(at(from, '/people?kind=student'))
  const open = async () => page.getByRole('button', { name: /Омаров Тимур/ }).click()
  await open()
  const card = page.getByRole('dialog')
  await press(page, say('transfers.make'))
  await field(card, say('transfers.school')).fill('mektep-joq')
  await press(page, say('transfers.find'))
  await card.locator('[role=alert], input[aria-invalid=true]').first().waitFor()
  await field(card, say('transfers.school')).fill(to.slug)
  await press(page, say('transfers.find'))
  await card.getByText(to.slug, { exact: false }).first().waitFor()
  assert.equal(await card.getByRole('checkbox', { name: /Омарова/ }).isChecked(), true, 'the mother goes along')
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, say('transfers.make-action'))])
  assert.match(download.suggestedFilename(), /^transfer-[0-9A-F]{8}\.kundelik$/)
  const path = join(tmpdir(), `kundelik-${from.stamp}.kundelik`)
  await download.saveAs(path)
  await card.getByRole('button', { name: say('transfers.withdraw'), exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await lookInside(admin, 'card-transfer', open)
  return path
}

/** The second school looks into the file and takes both in. */
async function takeIn(school: School, admin: Person, file: string) {
  const { page, say } = admin
  await page.goto(at(school, '/people?kind=student'))
  await page.getByRole('link', { name: say('transfers.accept-open'), exact: true }).first().click()
  await page.locator('input[type=file]').waitFor({ state: 'attached' })
  await look(page, 'transfer-file')
  await page.locator('input[type=file]').setInputFiles(file)
  await press(page, say('transfers.look'))
  await page.getByRole('region', { name: say('transfers.student') }).getByText('Тимур').waitFor()
  await look(page, 'transfer-preview')
  await field(page, say('common.class')).selectOption({ label: '7А' })
  const mother = page.getByRole('region', { name: /Омарова/ })
  await mother.getByRole('radio', { name: say('transfers.is-new'), exact: true }).check()
  await press(page, say('transfers.accept-action'))
  await page.getByRole('link', { name: say('transfers.accepted-card'), exact: true }).waitFor()
  await look(page, 'transfer-accepted')
  await page.getByRole('link', { name: say('transfers.accepted-card'), exact: true }).click()
  await page.getByRole('dialog').getByText('7А').first().waitFor()
  await page.keyboard.press('Escape')
  // The same file a second time is refused where it was chosen.
  await page.goto(at(school, '/transfers'))
  await page.locator('input[type=file]').setInputFiles(file)
  await press(page, say('transfers.look'))
  await page.locator('[aria-invalid=true]').first().waitFor()
}

/** Inside the first school the paper of the second is typed, shown, and attached; then the school's name leads there. */
async function attachInside(home: School, other: School, mother: Person, sheet: string) {
  const { page, say } = mother
  const { login, password } = await cardOf(sheet, 'omarova')
  await page.goto(at(home, '/account'))
  const form = page.getByRole('form', { name: say('account.attach-title') })
  await field(form, say('account.attach-login')).fill(login)
  await field(form, say('account.attach-temporary')).fill('AAAA-AAAA-AAAA')
  await press(page, say('account.attach-look'))
  await form.locator('input[aria-invalid=true]').first().waitFor()
  assert.equal(await field(form, say('account.attach-login')).inputValue(), login, 'what was typed is lost')
  await field(form, say('account.attach-temporary')).fill(password)
  // Whoever was wrong once is slowed down; nobody types a password within a second.
  await page.waitForTimeout(3_000)
  await press(page, say('account.attach-look'))
  await page.getByText('Омарова Ләззат').last().waitFor()
  await look(page, 'account-attach')
  await press(page, say('account.attach-action'))
  await said(page, /✓/)
  await look(page, 'account-schools')
  await page.getByRole('button', { name: say('portal.schools'), exact: true }).click()
  const [first] = await page.getByRole('menuitem').all()
  assert.ok(first, 'the other school stands in the menu')
  await first.click()
  await page.waitForURL((url) => url.pathname.startsWith(`/${other.slug}`))
  await page.getByRole('heading', { name: /Омаров Тимур/ }).waitFor()
  await look(page, 'family-second-school')
  await page.getByRole('button', { name: say('portal.schools'), exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem').first().waitFor()
  // The focus goes into the menu a moment after it is drawn.
  await page.waitForFunction(() => document.activeElement?.closest('[role=menu]'))
  if ((await page.evaluate(() => document.activeElement?.getAttribute('role'))) !== 'menuitem') await page.keyboard.press('ArrowDown')
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitem')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname.startsWith(`/${home.slug}`))
}

/** The paper leads to registering; who has an account says so there. */
async function attachAtTheDoor(other: School, son: Person, sheet: string) {
  const { page, say } = son
  const { login, password } = await cardOf(sheet, 'omarov.')
  await press(page, say('ui.sign-out'))
  await field(page, say('common.login')).waitFor()
  await signIn(son, login, password)
  await page.getByRole('heading', { name: say('signup-account.title') }).waitFor()
  await look(page, 'register')
  await press(page, say('signup-attach.have'))
  await field(page, say('signup-attach.login')).fill(`timur.${other.stamp.slice(0, -1)}`)
  await field(page, say('signup-attach.password')).fill(PASSWORDS.son)
  await look(page, 'register-attach')
  await press(page, say('signup-attach.action'))
  await page.waitForURL((url) => url.pathname.startsWith(`/${other.slug}`))
  await page.getByRole('heading', { name: /Омаров Тимур/ }).waitFor()
}

async function twoSchools(language: Language) {
  const stamp = Date.now().toString(36)
  const school = (name: string, mark: string): School => ({
    language,
    say: words(language),
    stamp: `${stamp}${mark}`,
    email: `${name}-${stamp}@example.org`,
    slug: `${name}-${stamp}`,
  })
  const [first, second] = [{ ...school('bulak', ''), stamp }, school('zharyk', 'b')]
  const there = await activate(second, await apply(second), PASSWORDS.admin)
  const here = await activate(first, await apply(first), PASSWORDS.admin)
  const people: Person[] = [there, here]
  try {
    await furnish(first, here, ['7', 'Ә'])
    await furnish(second, there, ['7', 'А'])
    const { mother, son } = await family(first, here)
    people.push(mother, son)
    await takeIn(second, there, await sendOff(first, second, here))
    const sheet = await printed(second, there, 'all')
    await attachInside(first, second, mother, sheet)
    await attachAtTheDoor(second, son, sheet)
    await here.page.goto(at(first, '/people?kind=student'))
    await here.page.getByRole('button', { name: /Омаров Тимур/ }).click()
    await here.page.getByRole('dialog').getByText(first.say('transfers.still-here')).waitFor()
    assert.ok(here.page.url().startsWith(urls.portal))
  } catch (error) {
    // Where everybody stood.
    for (const [at, { page }] of people.entries()) await picture(page, `failed-two-schools-${at}`)
    throw error
  } finally {
    for (const person of people) await person.close()
  }
}

export const walks: Walk[] = [{ title: 'one family in two schools, in Kazakh', run: () => twoSchools('kk') }]
