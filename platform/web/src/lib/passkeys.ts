// Passkeys: from the server's JSON (Web Authentication, level 3) to the browser's own dialog and back. Knows no API.
import type { Failure } from '~/ui/failure'

/** The browser's dialog ended without an answer. */
export class PasskeyRefusal extends Error implements Failure {
  readonly status = 0
  readonly title = ''
  readonly fields = []

  constructor(
    readonly code: 'passkey.closed' | 'passkey.here',
    readonly words: 'common.passkey-closed' | 'common.passkey-here',
  ) {
    super(code)
    this.name = 'PasskeyRefusal'
  }
}

/** Whether the person has closed the dialog, or let it wait too long. */
export function isClosed(error: unknown): boolean {
  return error instanceof PasskeyRefusal && error.code === 'passkey.closed'
}

/** Whether this browser knows passkeys in the form in which the server speaks of them. */
export function passkeysKnown(): boolean {
  return typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential
}

/** Makes a passkey; what it answers goes back as it is. */
export async function makePasskey(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON)
  return answered(navigator.credentials.create({ publicKey }))
}

/** Asks a passkey. */
export async function askPasskey(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON)
  return answered(navigator.credentials.get({ publicKey }))
}

async function answered(asking: Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await asking
    if (credential instanceof PublicKeyCredential) return credential.toJSON()
  } catch (error) {
    const name = error instanceof DOMException ? error.name : ''
    if (name === 'InvalidStateError') throw new PasskeyRefusal('passkey.here', 'common.passkey-here')
    if (name !== 'NotAllowedError' && name !== 'AbortError') throw error
  }
  throw new PasskeyRefusal('passkey.closed', 'common.passkey-closed')
}
