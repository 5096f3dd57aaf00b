import { describe, expect, test } from 'vitest'
import { toTargets } from '../targets'
import { toBps } from '../units'
import { checkPolicy, type PolicyIssue } from './checkPolicy'
import { type AssetRule, bandOf, hasBounds, isCounted, openPolicy, type PlanMode, type PlanPolicy } from './policy'

const assets = [
  { id: 'ETH', isStable: false },
  { id: 'USDC', isStable: true },
]
const targets = toTargets(
  [
    { assetId: 'ETH', weightBps: 6000 },
    { assetId: 'USDC', weightBps: 4000 },
  ],
  ['ETH', 'USDC'],
)

const check = (policy: Partial<PlanPolicy>, mode?: PlanMode): readonly PolicyIssue[] =>
  checkPolicy({ targets, assets, mode, settings: { bandBps: toBps(100), policy: { ...openPolicy, ...policy } } })
const rule = (own: Partial<AssetRule>): Partial<PlanPolicy> => ({
  rules: [{ assetId: 'ETH', participation: 'free', ...own }],
})

describe('checkPolicy', () => {
  test('default: limits that leave room for the targets contradict nothing', () => {
    expect(check({})).toEqual([])
    expect(check(rule({ minimumBps: toBps(6000), maximumBps: toBps(6000), edgeBps: toBps(100) }))).toEqual([])
    expect(checkPolicy({ targets, assets, settings: { bandBps: toBps(100) } })).toEqual([])
  })

  test('error: every contradiction is named with what it is between', () => {
    const band = { bandBps: toBps(200), edgeBps: toBps(201) }
    expect(check(rule({ maximumBps: toBps(5999) }))).toEqual([
      { kind: 'targetAboveMaximum', assetId: 'ETH', targetBps: 6000, limitBps: 5999 },
    ])
    expect(check(rule({ minimumBps: toBps(6001) }))).toEqual([
      { kind: 'targetBelowMinimum', assetId: 'ETH', targetBps: 6000, limitBps: 6001 },
    ])
    expect(check(rule({ minimumBps: toBps(6500), maximumBps: toBps(5000) }))).toEqual([
      { kind: 'minimumAboveMaximum', assetId: 'ETH', minimumBps: 6500, maximumBps: 5000 },
    ])
    expect(check(rule(band))).toEqual([{ kind: 'edgeAboveBand', assetId: 'ETH', edgeBps: 201, bandBps: 200 }])
    expect(check(rule({ participation: 'excluded' }))).toEqual([
      { kind: 'targetExcluded', assetId: 'ETH', targetBps: 6000 },
    ])
    expect(check({ cashReserve: { assetId: 'ETH', amount: 1n } })).toEqual([
      { kind: 'reserveNotStable', assetId: 'ETH' },
    ])
    expect(check({ cashReserve: { assetId: 'USDC', amount: -1n } })).toEqual([
      { kind: 'reserveNegative', assetId: 'USDC' },
    ])
    const twice: AssetRule = { assetId: 'USDC', participation: 'free' }
    expect(check({ rules: [twice, twice] })).toEqual([{ kind: 'ruledTwice', assetId: 'USDC' }])
  })

  test('error: minimums above the whole', () => {
    const rules: readonly AssetRule[] = [
      { assetId: 'ETH', participation: 'free', minimumBps: toBps(6000) },
      { assetId: 'USDC', participation: 'free', minimumBps: toBps(4001) },
    ]
    expect(check({ rules })).toContainEqual({ kind: 'minimumsAboveWhole', sumBps: 10_001 })
  })

  test('error: cash that may not be traded the way the plan needs', () => {
    const [invest, raise] = (['investCash', 'raiseCash'] as const).map(
      (kind): PlanMode => ({ kind, assetId: 'ETH', amount: 1n }),
    )
    expect(check(rule({ participation: 'buyOnly' }), invest)).toEqual([
      { kind: 'cashNotTraded', assetId: 'ETH', mode: 'investCash' },
    ])
    expect(check(rule({ participation: 'buyOnly' }), raise)).toEqual([])
    expect(check(rule({ participation: 'sellOnly' }), raise)).toEqual([
      { kind: 'cashNotTraded', assetId: 'ETH', mode: 'raiseCash' },
    ])
    expect(check(rule({ participation: 'locked' }), invest)).toEqual([
      { kind: 'cashNotTraded', assetId: 'ETH', mode: 'investCash' },
    ])
    expect(check({}, { kind: 'withdraw', assetId: 'ETH', amount: 0n })).toEqual([
      { kind: 'amountNotPositive', assetId: 'ETH', mode: 'withdraw' },
    ])
  })
})

describe('policy', () => {
  test('default: an own band holds for its asset alone, and what is excluded does not count', () => {
    const policy: PlanPolicy = {
      ...openPolicy,
      rules: [
        { assetId: 'ETH', participation: 'excluded' },
        { assetId: 'USDC', participation: 'free', bandBps: toBps(300) },
      ],
    }
    const settings = { bandBps: toBps(100), policy }
    expect([bandOf(settings, 'USDC'), bandOf(settings, 'ETH'), bandOf({ bandBps: toBps(100) }, 'ETH')]).toEqual([
      300, 100, 100,
    ])
    expect([isCounted(policy, 'ETH'), isCounted(policy, 'USDC'), isCounted(undefined, 'ETH')]).toEqual([
      false,
      true,
      true,
    ])
    expect(hasBounds(policy)).toBe(false)
    expect(hasBounds({ ...policy, cashReserve: { assetId: 'USDC', amount: 1n } })).toBe(true)
    expect(hasBounds({ ...policy, rules: [{ assetId: 'ETH', participation: 'locked' }] })).toBe(true)
  })
})
