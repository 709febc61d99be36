import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { serve, show } from '~/testing/show'
import { ApplyPage } from './ApplyPage'

const POST = 'POST /api/signup/applications'
const texts: [RegExp, string][] = [
  [/толық атауы қазақ тілінде/, '№ 7 мектеп'],
  [/толық атауы орыс тілінде/, 'Школа № 7'],
  [/^БСН/, '1603 4001 6781'],
  [/^Қала, аудан/, 'Көкшетау'],
  [/^Заңды мекенжайы/, 'Абай даңғылы, 12'],
  [/^Директордың/, 'Жақсыбекова Әлия'],
  [/^Жауапты адамның тегі/, 'Ермеков Нұрлан'],
  [/^Электрондық пошта/, 'm7@example.kz'],
  [/^Телефон/, '8 701 123 45 67'],
  [/^Оқушылар саны/, '840'],
]

async function fill(user: ReturnType<typeof show>['user']) {
  for (const [label, text] of texts) {
    await user.click(screen.getByLabelText(label))
    await user.paste(text)
  }
  await user.selectOptions(screen.getByLabelText(/^Оқыту тілі/), 'kk')
  await user.selectOptions(screen.getByLabelText(/^Облыс/), '11')
}
const send = (user: ReturnType<typeof show>['user']) => user.click(screen.getByRole('button', { name: 'Өтінімді жіберу' }))
const page = () => show(<ApplyPage />, { entry: 'signup', language: 'kk' })

describe('the application', () => {
  it('is sent as the server wants it, and answered with a number and what comes next', async () => {
    const sent = serve({ [POST]: { body: { number: '2026-000012', received_at: '2026-11-23T08:00:00Z', answer_within_days: 3 } } })
    const { user } = page()
    await fill(user)
    await send(user)
    expect(await screen.findByRole('heading', { name: 'Өтінім қабылданды: 2026-000012' })).toBeInTheDocument()
    expect(screen.getByText(/23\.11\.2026 13:00/)).toBeInTheDocument()
    expect(screen.getByText(/m7@example\.kz/)).toBeInTheDocument()
    expect(sent[0]?.body).toEqual({
      name_kk: '№ 7 мектеп',
      name_ru: 'Школа № 7',
      bin: '160340016781',
      region: '11',
      city: 'Көкшетау',
      legal_address: 'Абай даңғылы, 12',
      postal_address: 'Абай даңғылы, 12',
      director: 'Жақсыбекова Әлия',
      contact_name: 'Ермеков Нұрлан',
      email: 'm7@example.kz',
      phone: '8 701 123 45 67',
      language: 'kk',
      pupils: 840,
      locale: 'kk',
    })
    expect(localStorage.getItem('kundelik.draft.application')).toBeNull()
  })

  it('says at once what cannot be right, with links to the fields, and sends nothing', async () => {
    const sent = serve({})
    const { user } = page()
    await user.type(screen.getByLabelText(/^БСН/), '160340016782')
    await send(user)
    const summary = screen.getByRole('alert')
    expect(summary).toHaveFocus()
    const link = within(summary).getByRole('link', { name: /БСН/ })
    await user.click(link)
    expect(screen.getByLabelText(/^БСН/)).toHaveFocus()
    expect(screen.getByLabelText(/^БСН/)).toBeInvalid()
    expect(sent).toHaveLength(0)
  })

  it('shows the server’s truth at the fields and loses nothing', async () => {
    serve({ [POST]: { status: 422, body: { code: 'signup.invalid', title: 'Қате бар', status: 422, fields: [{ field: 'phone', code: 'phone-invalid', title: 'Мұндай нөмір жоқ' }] } } })
    const { user } = page()
    await fill(user)
    await send(user)
    expect(await screen.findByRole('link', { name: 'Телефон: Мұндай нөмір жоқ' })).toBeInTheDocument()
    expect(screen.getByLabelText(/^Телефон/)).toHaveAccessibleDescription(/Мұндай нөмір жоқ/)
    expect(screen.getByLabelText(/^Қала/)).toHaveValue('Көкшетау')
  })

  it('is there again when the page is opened again', async () => {
    serve({})
    const first = page()
    await first.user.type(screen.getByLabelText(/^Қала/), 'Көкшетау')
    first.unmount()
    page()
    expect(screen.getByLabelText(/^Қала/)).toHaveValue('Көкшетау')
  })
})
