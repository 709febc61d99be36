// After the first day: an address for recovery and a forgotten password, a pupil's new temporary password, and the pages
// on which an administrator keeps accounts, roles and the trace in order.
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { awaitLetter, picture, urls } from '../support'
import { cardOf } from './paper'
import { field, look, press, signIn, type Person } from './people'

interface Place {
  slug: string
  stamp: string
}

const at = ({ slug }: Place, path: string) => `${urls.portal}/${slug}${path}`

/** A guardian confirms an address, forgets the password, and comes back by the letter. */
export async function recover(place: Place, guardian: Person, login: string, password: string) {
  const { page, say } = guardian
  const address = `lazzat-${place.stamp}@example.org`
  await page.goto(at(place, '/account'))
  await field(page, say('account.email-new')).fill(address)
  await press(page, say('account.email-send'))
  const code = /\b\d{8}\b/.exec((await awaitLetter(address, /\b\d{8}\b/)).text)?.[0] ?? ''
  await field(page, say('account.email-code')).fill(code)
  await press(page, say('account.email-confirm'))
  await page.getByText(say('account.email-saved')).waitFor()
  await look(page, 'account')
  await press(page, say('ui.sign-out'))
  await page.getByRole('link', { name: say('signup.session.forgot') }).click()
  await field(page, say('common.login')).fill(login)
  await press(page, say('signup-recover.ask'))
  await page.getByText(say('signup-recover.asked')).waitFor()
  await look(page, 'recover')
  const link = /https?:\S+\/recover#[0-9a-f]{64}/.exec((await awaitLetter(address, /recover#[0-9a-f]{64}/)).text)?.[0] ?? ''
  await page.goto('about:blank')
  await page.goto(link)
  await field(page, say('signup-recover.password')).fill(password)
  await look(page, 'recover-password')
  await press(page, say('signup-recover.finish'))
  await page.getByText(say('signup-recover.done')).waitFor()
  await signIn(guardian, login, password)
  await page.getByRole('heading', { name: /Омаров Тимур/ }).waitFor()
}

/** The administrator gives a pupil a new temporary password; the pupil's open page ends, and the card lets him choose. */
export async function reset(place: Place, admin: Person, student: Person, password: string) {
  const { page, say } = admin
  await page.goto(at(place, '/people?kind=student'))
  await page.getByRole('button', { name: /Омаров Тимур/ }).click()
  const card = page.getByRole('dialog')
  await card.getByRole('button', { name: say('people.reset'), exact: true }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: say('people.reset-action'), exact: true }).click(),
  ])
  const path = join(tmpdir(), `kundelik-reset-${place.stamp}.pdf`)
  await download.saveAs(path)
  await page.getByText(say('people.reset-done')).waitFor()
  // The drawer covers the switch of languages: a picture of it as it is.
  await picture(page, 'person')
  const { login, password: temporary } = await cardOf(path, 'omarov.')
  await student.page.reload()
  await field(student.page, say('common.login')).waitFor()
  await signIn(student, login, temporary)
  await field(student.page, say('signup-account.password')).fill(password)
  await look(student.page, 'reset')
  await press(student.page, say('signup-recover.finish'))
  await student.page.getByRole('heading', { name: /Омаров Тимур/ }).waitFor()
}

/** Roles, rights and the trace of what was done. */
export async function oversee(place: Place, { page, say }: Person) {
  await page.goto(at(place, '/credentials'))
  await page.getByRole('heading', { level: 1 }).waitFor()
  await look(page, 'credentials-after')
  await page.goto(at(place, '/roles'))
  await page.getByText('Сәрсенова Айгүл').first().waitFor()
  await look(page, 'roles')
  await page.goto(at(place, '/roles?tab=rights'))
  await page.getByRole('heading', { level: 1 }).waitFor()
  await look(page, 'rights')
  await page.goto(at(place, '/audit'))
  await page.getByText(say('audit.operation.password_reset')).first().waitFor()
  await look(page, 'audit')
}
