import { describe, expect, it } from 'vitest'
import { isBin, isEmail, isLogin, isPhone } from './checks'
import { strengthOf } from './strength'

describe('hints', () => {
  it('know the check digit of a BIN', () => {
    expect(isBin('160340016781')).toBe(true)
    expect(isBin('1603 4001 6781')).toBe(true)
    expect(isBin('160340016782')).toBe(false)
    expect(isBin('16034001678')).toBe(false)
    expect(isBin('16034001678a')).toBe(false)
  })

  it('take the second row of weights when the first gives ten', () => {
    // Weights 1…11 give 10 for this head, weights 3…11, 1, 2 give 1.
    expect(isBin('000000000101')).toBe(true)
    expect(isBin('000000000100')).toBe(false)
  })

  it('know phones, addresses and logins when they see them', () => {
    expect(['+7 701 123 45 67', '8 (701) 123-45-67'].every(isPhone)).toBe(true)
    expect(['701', '+7 701 abc 45 67', ''].some(isPhone)).toBe(false)
    expect(isEmail('mektep7@edu.example.kz')).toBe(true)
    expect(['mektep', 'a@b', 'a b@c.kz', 'a@b..kz'].some(isEmail)).toBe(false)
    expect(['aigul.s', 'Aigul', '7aigul'].every(isLogin)).toBe(true)
    expect(['ai', '.aigul', 'aigul s', 'айгүл'].some(isLogin)).toBe(false)
  })
})

describe('the strength of a password', () => {
  it('is said in words from its length and what is guessable in it', () => {
    expect(strengthOf('', 8)).toBe('empty')
    expect(strengthOf('korkyt', 8)).toBe('short')
    expect(strengthOf('qwertyuiop12345678', 8)).toBe('weak')
    expect(strengthOf('aaaaaaaaaaaaaaa', 8)).toBe('weak')
    expect(strengthOf('kundelik2026', 8)).toBe('weak')
    expect(strengthOf('aigul.sultanova1', 8, ['aigul', 'sultanova'])).toBe('weak')
    expect(strengthOf('tort bota suda', 8)).toBe('good')
    expect(strengthOf('kzmrtepl', 8)).toBe('fair')
  })
})
