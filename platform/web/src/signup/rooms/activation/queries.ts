// What activation reads and writes. The step is the server's: a reload comes back to it.
import { useMutation } from '@tanstack/react-query'
import { api, client, queryClient, type SignupAnswer, type SignupBody } from '~/signup/api'

export type Activation = SignupAnswer<'activation_read'>
export type Agreement = SignupAnswer<'agreement_draft'>
export type Service = SignupAnswer<'service_read'>
export type DocumentLanguage = 'kk' | 'ru'

export const activationRead = () => api.queryOptions('get', '/activation', {}, { staleTime: 0, retry: false })
export const serviceRead = () => api.queryOptions('get', '/service', {}, { staleTime: 0 })

/** The agreement as a PDF. Its key bears the version, so that a new draft is another document. */
export const agreementDocument = (agreement: Agreement, lang: DocumentLanguage) => ({
  queryKey: ['get', '/agreement/document', agreement.id, agreement.version, agreement.state, lang],
  queryFn: async (): Promise<Blob> => {
    const { data } = await client.GET('/agreement/document', { params: { query: { lang } }, parseAs: 'blob' })
    return new Blob([data as BlobPart], { type: 'application/pdf' })
  },
  staleTime: Infinity,
})

export async function draftAgreement(body: SignupBody<'agreement_draft'>) {
  await client.POST('/agreement', { body })
  await queryClient.invalidateQueries({ queryKey: activationRead().queryKey })
}

export async function signAgreement(body: SignupBody<'agreement_sign'>) {
  await client.POST('/agreement/signature', { body })
  await queryClient.invalidateQueries({ queryKey: activationRead().queryKey })
}

export async function activateService(slug: string) {
  const { data } = await client.POST('/service', { body: { slug } })
  if (data) queryClient.setQueryData(serviceRead().queryKey, data)
  await queryClient.invalidateQueries({ queryKey: activationRead().queryKey })
}

export const useServiceEnter = () => useMutation({ mutationFn: async () => (await client.POST('/service/entrance')).data })
