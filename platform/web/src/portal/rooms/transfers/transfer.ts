// What is asked for and sent of a file from another school.
import { client, type PortalAnswer, type PortalBody } from '~/portal/api'
import { forget } from '~/portal/dictionaries'

export type Preview = PortalAnswer<'transfer_preview'>
export type Twin = Preview['alike'][number]
export type Person = Preview['student']
export type Accepted = PortalAnswer<'transfer_accept'>
export type Accept = PortalBody<'transfer_accept'>

/** A file that was opened; its bytes stay in the page until it is accepted. */
export interface Opened {
  content: string
  preview: Preview
}

/** As the server has it: 256 KiB. */
export const LARGEST = 256 * 1024

/** What is done about somebody of the file: a new person, nobody, or the one of this id. */
export const NEW = 'new'
export const NOT = 'not'

/** Where nobody is alike it is a new person; else the reader says. */
export const proposed = (alike: Twin[]): string => (alike.length === 0 ? NEW : '')

export async function open(content: string): Promise<Opened | undefined> {
  const { data } = await client.POST('/transfers/preview', { body: { content } })
  return data && { content, preview: data }
}

export async function accept(body: Accept) {
  const { data } = await client.POST('/transfers/accept', { body })
  await forget('/people/search', '/people/{id}', '/classes', '/credentials/board')
  return data
}
