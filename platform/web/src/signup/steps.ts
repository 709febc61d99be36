// The second step of showing who one is: where the password was right a code or a passkey may be asked for. What a form does with them
// it says itself: signing in and attaching a school take the same steps.
import { useState } from 'react'
import { isProblem } from '~/api/problem'
import type { Form } from '~/lib/form'
import { askPasskey, isClosed, passkeysKnown } from '~/lib/passkeys'
import { client } from './api'

const NEEDED = 'accounts.second-factor-needed'
const WRONG = 'accounts.second-factor-wrong'
const PASSKEY = 'accounts.passkey-needed'
const OF_CODE = [NEEDED, WRONG, PASSKEY]

export interface Typed {
  login: string
  password: string
  code: string
}

export interface Second {
  code?: string
  passkey?: unknown
}

/** Which of the second step is asked for at this moment. */
export function useAsked() {
  const [code, setCode] = useState(false)
  const [passkey, setPasskey] = useState(false)
  return { code, passkey, setCode, setPasskey }
}

/** The steps of a form: `pass` sends what was typed together with what is shown of the second factor. */
export function useSteps(form: Form<Typed>, asked: ReturnType<typeof useAsked>, pass: (typed: Typed, second: Second) => Promise<unknown>) {
  const withPasskey = async (typed: Typed) => {
    const { data } = await client.POST('/session/challenge', { body: { login: typed.login.trim(), password: typed.password } })
    if (data) await pass(typed, { passkey: await askPasskey(data.options) })
  }

  const send = async (typed: Typed) => {
    const code = asked.code ? typed.code.replace(/\s/g, '') : ''
    try {
      await pass(typed, code ? { code } : {})
    } catch (error) {
      // The password was right: this is a question, not a refusal.
      if (asked.code || !(isProblem(error, NEEDED) || isProblem(error, PASSKEY))) throw error
      asked.setCode(true)
      if (!isProblem(error, PASSKEY) || !passkeysKnown()) return
      asked.setPasskey(true)
      await withPasskey(typed).catch((closed: unknown) => {
        // It is asked without a click here, so closing it is no failure: the code and the button are there.
        if (!isClosed(closed)) throw closed
      })
    }
  }

  const codeWrong = form.failure !== undefined && OF_CODE.includes(form.failure.code)
  return { send, withPasskey, codeWrong }
}
