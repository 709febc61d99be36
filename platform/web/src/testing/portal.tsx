// A page of the portal as its entry draws it: who reads, and at which address.
import { vi } from 'vitest'
import type { Language } from '~/lib/language'
import type { PortalAnswer } from '~/portal/api'
import type { Me } from '~/portal/me'
import { show } from './show'

type Person = PortalAnswer<'person_read'>

/** The API of the school at whose address the pages are opened, unless a test names another. */
export const AT = '/api/portal/mektep-7'

/** An administrator of that school who may do nothing yet. */
export function reader(some: Partial<Me>): Me {
  return {
    profile_id: '0198f000-0000-7000-8000-000000000009',
    full_name: 'Әлиева Анар',
    roles: ['administrator'],
    may: [],
    school: { slug: 'mektep-7', name_kk: '№ 7 мектеп', name_ru: 'Школа № 7', language: 'kk' },
    children: [],
    schools: [],
    today: '2026-11-23',
    ...some,
  }
}

/** A student as the card has him, of whom no more is known. */
export function student(some: Partial<Person>): Person {
  return {
    id: '0198f000-0000-7000-8000-000000000003',
    kind: 'student',
    full_name: 'Тілеуов Аян',
    surname: 'Тілеуов',
    given_name: 'Аян',
    sex: 'm',
    roles: ['student'],
    registered: false,
    credential: 'none',
    version: 4,
    ...some,
  }
}

/** The slug is read from the address when the modules load, so they are loaded anew at the address. */
export async function openPortal(address: string, language: Language) {
  window.history.replaceState(null, '', address)
  vi.resetModules()
  const [{ Portal }, { queryClient }] = await Promise.all([import('~/portal/Portal'), import('~/portal/api')])
  return show(<Portal />, { entry: 'portal', language, queries: queryClient })
}
