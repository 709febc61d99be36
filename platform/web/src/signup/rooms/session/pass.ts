// The steps of signing in: a login with its password, then a code or a passkey where there is a second factor.
import { askPasskey } from '~/lib/passkeys'
import { client, type SignupAnswer } from '~/signup/api'

export type Entered = SignupAnswer<'sign_in'>

interface Typed {
  login: string
  password: string
}

/** Signs in; what is wrong is thrown. */
export async function pass({ login, password }: Typed, second: { code?: string; passkey?: unknown }): Promise<Entered | undefined> {
  const { data } = await client.POST('/session', { body: { login: login.trim(), password, ...second } })
  return data
}

/** Has a passkey asked by the browser, and signs in with its answer. */
export async function passPasskey(typed: Typed, words: Parameters<typeof askPasskey>[1]): Promise<Entered | undefined> {
  const { data } = await client.POST('/session/challenge', { body: { login: typed.login.trim(), password: typed.password } })
  return data && pass(typed, { passkey: await askPasskey(data.options, words) })
}
