import { describe, expect, test } from 'vitest'
import { describeRefusal } from './refusalWords'

const token = '0x514910771AF9Ca656af840dff83E8264EcF986CA'
const told = (reason: string, side: 'sold' | 'bought' = 'sold') =>
  describeRefusal({ token, side, reason }, (address) => (address === token ? 'LINK' : address))

describe('describeRefusal', () => {
  test('default', () => {
    expect(told('token is paused')).toBe('LINK is paused by its issuer and cannot be sold (“token is paused”).')
  })

  test('behaviour: F-48 the ways in which tokens say that they are paused', () => {
    for (const reason of ['Pausable: paused', 'ERC20Pausable: token transfer while paused', 'error 0xd93c0665']) {
      expect(told(reason), reason).toContain('is paused by its issuer')
    }
  })

  test('behaviour: F-49 the ways in which tokens say that somebody is blocked', () => {
    for (const reason of [
      'token issuer blocks this account',
      'Blacklistable: account is blacklisted',
      'ERC20: account is frozen',
      'address is sanctioned',
    ]) {
      expect(told(reason, 'bought'), reason).toContain('The issuer of LINK blocks this account or the pool')
    }
  })

  test('behaviour: anything else is only quoted', () => {
    expect(told('it answers false')).toBe('LINK cannot be sold: its contract refuses to move it (“it answers false”).')
    expect(told('error 0x12345678', 'bought')).toContain('LINK cannot be bought')
  })
})
