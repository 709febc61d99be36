import { act, renderHook } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Failure } from '~/ui/failure'
import { readDraft, useDraft } from './draft'
import { useForm } from './form'

describe('a draft', () => {
  it('is there again after the page was left, and gone once it was sent', () => {
    const first = renderHook(() => useDraft('letter', { text: '', to: 'all' }))
    act(() => first.result.current[1]({ text: 'Сәлем', to: 'all' }))
    first.unmount()

    const again = renderHook(() => useDraft('letter', { text: '', to: 'all' }))
    expect(again.result.current[0].text).toBe('Сәлем')
    act(() => again.result.current[2]())
    expect(readDraft('letter', { text: '', to: 'all' }).text).toBe('')
  })

  it('lives as long as the tab, or longer when it is to last', () => {
    const { result } = renderHook(() => useDraft('long', { text: '' }, { lasting: true }))
    act(() => result.current[1]({ text: 'kept' }))
    expect(localStorage.length).toBe(1)
    expect(sessionStorage.length).toBe(0)
  })

  it('that is no longer readable is as good as none', () => {
    sessionStorage.setItem('kundelik.draft.broken', '{"text":')
    expect(readDraft('broken', { text: 'fresh' }).text).toBe('fresh')
    sessionStorage.setItem('kundelik.draft.older', '{"text":"old"}')
    expect(readDraft('older', { text: '', added: 'since' })).toEqual({ text: 'old', added: 'since' })
  })
})

describe('a form', () => {
  const labels = { login: 'Login', password: 'Password' }
  const initial = { login: '', password: '' }
  const form = () => renderHook(() => useForm({ initial, labels, draft: 'sign', secret: ['password'] }))

  it('never puts a password into the browser’s store', () => {
    const { result } = form()
    act(() => result.current.set('login', 'aigul'))
    act(() => result.current.set('password', 'korkyt-korkyt'))
    expect(result.current.values.password).toBe('korkyt-korkyt')
    expect(JSON.stringify({ ...sessionStorage })).not.toContain('korkyt')
    expect(JSON.stringify({ ...sessionStorage })).toContain('aigul')
  })

  it('loses neither of two changes made at once', () => {
    const { result } = form()
    act(() => {
      result.current.set('login', 'aigul')
      result.current.set('password', 'korkyt-korkyt')
    })
    expect(result.current.values).toEqual({ login: 'aigul', password: 'korkyt-korkyt' })
  })

  it('keeps its values and puts the server’s words at the fields', async () => {
    const { result } = form()
    act(() => result.current.set('login', 'aigul'))
    const refused: Failure = {
      code: 'accounts.invalid',
      title: 'Not accepted',
      status: 422,
      fields: [
        { field: 'login', code: 'login-taken', title: 'Taken' },
        { field: 'terms_version', code: 'terms-outdated', title: 'There is a newer agreement' },
      ],
    }
    await act(() => result.current.submit(() => Promise.reject(refused)))
    expect(result.current.errors.login).toBe('Taken')
    expect(result.current.strays).toEqual(['There is a newer agreement'])
    expect(result.current.values.login).toBe('aigul')
    expect(result.current.attempt).toBe(1)
    act(() => result.current.set('login', 'aigul2'))
    expect(result.current.errors.login).toBeUndefined()
  })

  it('ticks a box, and says at it what was refused', async () => {
    const { result } = renderHook(() =>
      useForm({
        initial: { login: '', sure: false },
        labels: { login: 'Login', sure: 'I am sure' },
        check: ({ sure }) => ({ sure: sure ? undefined : 'Must be ticked' }),
      }),
    )
    const send = vi.fn()
    await act(() => result.current.submit(send))
    expect(result.current.tick('sure')).toMatchObject({ id: result.current.id('sure'), label: 'I am sure', checked: false, error: 'Must be ticked' })
    act(() => result.current.tick('sure').onChange({ currentTarget: { checked: true } }))
    expect(result.current.tick('sure')).toMatchObject({ checked: true, error: undefined })
    expect(result.current.dirty).toBe(true)
    await act(() => result.current.submit(send))
    expect(send).toHaveBeenCalledWith({ login: '', sure: true })
    // @ts-expect-error a text is no tick
    result.current.tick('login')
  })

  it('asks the server nothing while a hint stands', async () => {
    const send = vi.fn()
    const { result } = renderHook(() => useForm({ initial, labels, check: () => ({ login: 'Must be filled in' }) }))
    await act(() => result.current.submit(send))
    expect(send).not.toHaveBeenCalled()
    expect(result.current.errors.login).toBe('Must be filled in')
  })
})
