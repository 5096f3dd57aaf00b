import { describe, expect, test } from 'vitest'
import type { PolicyIssue } from '@/lib/core/policy/checkPolicy'
import type { PlanPolicy } from '@/lib/core/policy/policy'
import { toBps, toUsd } from '@/lib/core/units'
import { buildAsset, etherAsset } from '@/lib/testing/builders/assets'
import { changeRule, freeAsset, freeRule, isOpen, placeIssue, readPolicy, toPolicyDraft } from './policyDraft'
import { listPolicyMarks } from './policyMarks'

const assets = [etherAsset, buildAsset('USDC', { decimals: 6, isStable: true }), buildAsset('LINK')]
const policy: PlanPolicy = {
  scope: 'outOfBand',
  destination: 'edge',
  rules: [
    { assetId: 'ETH', participation: 'sellOnly', minimumBps: toBps(1_050), maximumBps: toBps(6_000) },
    { assetId: 'LINK', participation: 'free', bandBps: toBps(200), edgeBps: toBps(100) },
  ],
  cashReserve: { assetId: 'USDC', amount: 1_234_500_000n },
  turnoverCapBps: toBps(2_500),
  minimumTradeUsd: toUsd(50n * 10n ** 18n),
}

describe('readPolicy', () => {
  test('default: a policy comes back as it was', () => {
    const draft = toPolicyDraft(policy, assets)
    expect(draft).toMatchObject({ reserve: '1234.5', turnoverCap: '25', minimumTrade: '50' })
    expect(draft.rules.ETH).toEqual({ participation: 'sellOnly', minimum: '10.5', maximum: '60', band: '', edge: '' })
    expect(readPolicy(draft, assets)).toEqual({ policy, refusals: { rules: {} }, isWhole: true })
  })

  test('behaviour: empty fields and zeros limit nothing', () => {
    const draft = { ...toPolicyDraft(undefined, assets), reserve: '0', minimumTrade: ' ', rules: { ETH: freeRule } }
    const read = readPolicy(draft, assets)
    expect(read.isWhole).toBe(true)
    expect(isOpen(read.policy)).toBe(true)
    expect(draft.reserveAssetId).toBe('USDC')
  })

  test('behaviour: each field that cannot be read says why, and the rest is read all the same', () => {
    const draft = changeRule(toPolicyDraft(policy, assets), 'ETH', { ...freeRule, minimum: '-1', maximum: '50' })
    const {
      policy: read,
      refusals,
      isWhole,
    } = readPolicy({ ...draft, reserve: '1.0000001', turnoverCap: '0', minimumTrade: 'x' }, assets)
    expect(isWhole).toBe(false)
    expect(refusals.reserve).toContain('at most 6 decimals')
    expect(refusals.turnoverCap).toContain('more than 0')
    expect(refusals.minimumTrade).toContain('in digits')
    expect(refusals.rules).toEqual({ ETH: { minimum: 'Enter a weight that is not negative.' } })
    expect(read.rules[0]).toEqual({ assetId: 'ETH', participation: 'free', maximumBps: 5_000 })
    expect(read).not.toHaveProperty('cashReserve')
  })

  test('behaviour: what is excluded has no other limit, whatever stands in its fields', () => {
    const rule = { ...freeRule, participation: 'excluded', minimum: 'x' } as const
    const read = readPolicy(changeRule(toPolicyDraft(undefined, assets), 'LINK', rule), assets)
    expect(read).toMatchObject({ isWhole: true, policy: { rules: [{ assetId: 'LINK', participation: 'excluded' }] } })
    expect(freeAsset(toPolicyDraft(read.policy, assets), 'LINK').rules).toEqual({})
  })
})

test('default: every contradiction has its place', () => {
  const issues: readonly PolicyIssue[] = [
    { kind: 'targetAboveMaximum', assetId: 'ETH', targetBps: 2, limitBps: 1 },
    { kind: 'targetBelowMinimum', assetId: 'ETH', targetBps: 1, limitBps: 2 },
    { kind: 'edgeAboveBand', assetId: 'ETH', edgeBps: 2, bandBps: 1 },
    { kind: 'targetExcluded', assetId: 'ETH', targetBps: 2 },
    { kind: 'reserveNotStable', assetId: 'ETH' },
    { kind: 'minimumsAboveWhole', sumBps: 10_001 },
  ]
  expect(issues.map(placeIssue)).toEqual([
    { at: 'rule', assetId: 'ETH', field: 'maximum' },
    { at: 'rule', assetId: 'ETH', field: 'minimum' },
    { at: 'rule', assetId: 'ETH', field: 'edge' },
    { at: 'rule', assetId: 'ETH', field: 'participation' },
    { at: 'reserve' },
    { at: 'all' },
  ])
})

test('behaviour: limits for the whole portfolio in short', () => {
  expect(listPolicyMarks(toPolicyDraft(undefined, assets))).toEqual([])
  expect(listPolicyMarks(toPolicyDraft(policy, assets))).toEqual([
    'only out of band',
    'to the edge',
    'keeps 1234.5 USDC',
    'sells at most 25 %',
    'trades from $50',
  ])
})
