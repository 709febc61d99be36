// A passkey on a device that the browser plays: added in the own account, asked for at the entrance, taken away.
import { expectAccessible, pictures, urls } from '../support'
import { field, press, signIn, type Person } from './people'

/** A device that is always touched, and always knows its owner. */
const DEVICE = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const

export async function passkey(slug: string, person: Person, login: string, password: string) {
  const { page, say, context } = person
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: DEVICE })
  await page.goto(`${urls.portal}/${slug}/account`)
  await field(page, say('account.passkey-kind')).selectOption('computer')
  await press(page, say('account.passkey-add'))
  await page.getByText(say('account.passkey-added')).waitFor()
  await pictures(page, 'passkeys')
  await expectAccessible(page, 'the passkeys of an account')
  await press(page, say('ui.sign-out'))
  await page.waitForURL((url) => url.pathname === '/')
  // The dialog is the browser's: it answers by itself, and the entrance goes on.
  await signIn(person, login, password)
  await page.waitForURL((url) => url.pathname.startsWith(`/${slug}/`))
  await page.goto(`${urls.portal}/${slug}/account`)
  await page.getByText(new RegExp(say('account.passkeys-used').split('{')[0]!.trim())).waitFor()
  // Its name says which of them; only one is there.
  await page.getByText(say('account.passkey-remove'), { exact: true }).click()
  const form = page.getByRole('form', { name: say('account.passkey-remove-title') })
  await field(form, say('common.password')).fill(password)
  await form.getByRole('button', { name: say('account.passkey-remove-title'), exact: true }).click()
  await page.getByText(say('account.passkey-removed')).waitFor()
  await devtools.detach()
}
