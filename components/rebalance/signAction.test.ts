import { describe, expect, test } from 'vitest'
import type { BundleSimulation } from '@/lib/chain/bundle/simulateBundle'
import { type SignFacts, selectSignAction, selectSignBlock } from './signAction'

const ready: SignFacts = {
  isConnected: true,
  isSameAccount: true,
  isOnOtherChain: false,
  chainName: 'Local chain',
  isBlocked: false,
  isLossMissing: false,
  isWordMissing: false,
  isStarting: false,
  isHeldElsewhere: false,
}

const succeeded: BundleSimulation = {
  status: 'succeeded',
  deltas: [],
  tokens: [],
  unreadable: [],
  gasUsed: 1n,
  gasUsedByCall: [1n],
}

describe('selectSignAction', () => {
  test('default', () => {
    expect(selectSignAction(ready)).toEqual({ kind: 'sign', label: 'Sign and send', isBusy: false, isDisabled: false })
  })

  test('behaviour: each obstacle says why', () => {
    const reasons = (
      ['isOnOtherChain', 'isBlocked', 'isLossMissing', 'isWordMissing', 'isStarting', 'isHeldElsewhere'] as const
    ).map((fact) => selectSignAction({ ...ready, [fact]: true }).reason)
    expect(new Set(reasons).size).toBe(6)
    expect(selectSignAction({ ...ready, isSameAccount: false })).toMatchObject({ isDisabled: true })
    expect(selectSignAction({ ...ready, isConnected: false })).toMatchObject({ kind: 'connect' })
    expect(selectSignAction({ ...ready, isOnOtherChain: true })).toMatchObject({ kind: 'switchChain' })
  })
})

describe('selectSignBlock', () => {
  const fine = { violations: [], refusals: [], simulation: succeeded, delegation: { kind: 'none' } } as const

  test('default', () => {
    expect(selectSignBlock(fine)).toBeUndefined()
    expect(selectSignBlock({ ...fine, delegation: { kind: 'trusted', delegate: '0x01' } })).toBeUndefined()
  })

  test('behaviour: violations, foreign code and a simulation that fails or is missing block', () => {
    expect(selectSignBlock({ ...fine, violations: ['Swap 1 differs from the plan.'] })?.code).toBe('bundleViolation')
    expect(selectSignBlock({ ...fine, delegation: { kind: 'unknown', delegate: '0x01' } })?.code).toBe(
      'unknownDelegate',
    )
    expect(
      selectSignBlock({
        ...fine,
        simulation: { status: 'reverted', callIndex: 2, reason: 'Too little received', failure: 'quoteMoved' },
      }),
    ).toMatchObject({ code: 'simulationFailed' })
    expect(selectSignBlock({ ...fine, simulation: { status: 'unavailable', reason: 'No.' } })?.code).toBe(
      'simulationUnavailable',
    )
  })

  test('behaviour: F-48 a token that refuses is named, next to what the router says', () => {
    const reverted = { status: 'reverted', callIndex: 2, reason: 'STF', failure: 'balanceChanged' } as const
    const block = selectSignBlock({ ...fine, simulation: reverted, refusals: ['LINK is paused by its issuer.'] })
    expect(block).toMatchObject({ code: 'tokenRefuses', title: 'A token refuses to move' })
    expect(block?.body).toContain('LINK is paused by its issuer. So call 3 stops with “STF”')
  })
})
