import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { PlanPolicy } from '@/lib/core/policy/policy'
import type { PlanSettings, Targets } from '@/lib/core/targets'
import { toBps, toUsd } from '@/lib/core/units'
import { readSettings, readTargets, saveSettings, saveTargets, targetsStore } from './accountStores'
import { readTheme, saveTheme } from './theme'

const account = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const of = { account, chainId: 31337 } as const
const targets: Targets = {
  weights: [
    { assetId: 'ETH', weightBps: toBps(6_000) },
    { assetId: 'USDC', weightBps: toBps(4_000) },
  ],
}
const settings: PlanSettings = {
  bandBps: toBps(100),
  slippageBps: toBps(50),
  stableSlippageBps: toBps(10),
  nativeReserve: 10n ** 17n,
}

const map = new Map<string, string>()

beforeEach(() => {
  map.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, text: string) => void map.set(key, text),
    removeItem: (key: string) => void map.delete(key),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

test('default', () => {
  expect(readTargets(of)).toBeUndefined()
  expect(saveTargets(of, targets)).toBe('saved')
  expect(readTargets(of)).toEqual(targets)
  expect(readSettings(of, settings)).toBe(settings)
  const own = { ...settings, nativeReserve: 5n }
  saveSettings(of, own)
  expect(readSettings(of, settings)).toEqual(own)
})

test('behaviour: accounts and chains are apart, the case of an address is not', () => {
  saveTargets(of, targets)
  expect(readTargets({ ...of, chainId: 1 })).toBeUndefined()
  expect(readTargets({ ...of, account: '0x0000000000000000000000000000000000000001' })).toBeUndefined()
  expect(readTargets({ ...of, account: account.toLowerCase() as typeof account })).toEqual(targets)
  expect(targetsStore(of)).toBe(targetsStore({ ...of, account: account.toLowerCase() as typeof account }))
})

describe('behaviour: targets that are none', () => {
  const key = `ballast.targets.31337.${account.toLowerCase()}`
  test.each([
    ['too little', [{ assetId: 'ETH', weightBps: 9_999 }]],
    [
      'negative',
      [
        { assetId: 'ETH', weightBps: 10_001 },
        { assetId: 'DAI', weightBps: -1 },
      ],
    ],
    [
      'not whole',
      [
        { assetId: 'ETH', weightBps: 9_999.5 },
        { assetId: 'DAI', weightBps: 0.5 },
      ],
    ],
    [
      'twice the same',
      [
        { assetId: 'ETH', weightBps: 5_000 },
        { assetId: 'ETH', weightBps: 5_000 },
      ],
    ],
    ['none', []],
    ['no number', [{ assetId: 'ETH', weightBps: null }]],
  ])('behaviour: %s', (_, weights) => {
    map.set(key, JSON.stringify({ version: 1, value: { weights } }))
    expect(readTargets(of)).toBeUndefined()
  })
})

test('behaviour: settings beyond their limits are not taken', () => {
  saveSettings(of, { ...settings, slippageBps: toBps(101) })
  expect(readSettings(of, settings)).toBe(settings)
  saveSettings(of, { ...settings, nativeReserve: -1n })
  expect(readSettings(of, settings)).toBe(settings)
})

describe('behaviour: limits', () => {
  const key = `ballast.settings.31337.${account.toLowerCase()}`
  const policy: PlanPolicy = {
    scope: 'outOfBand',
    destination: 'halfway',
    rules: [
      { assetId: 'ETH', participation: 'sellOnly', minimumBps: toBps(100), maximumBps: toBps(7_000) },
      { assetId: 'UNI', participation: 'excluded', bandBps: toBps(30), edgeBps: toBps(10) },
    ],
    cashReserve: { assetId: 'USDC', amount: 10n ** 24n },
    turnoverCapBps: toBps(2_000),
    minimumTradeUsd: toUsd(50n * 10n ** 18n),
  }
  const readBack = (value: unknown) => {
    saveSettings(of, { ...settings, policy: value as PlanPolicy })
    const { policy: read, ...rest } = readSettings(of, { ...settings, bandBps: toBps(1) })
    expect(rest, 'the other settings stay').toEqual(settings)
    return read
  }

  test('default: kept whole, and settings without them stay valid', () => {
    expect(readBack(policy)).toEqual(policy)
    saveSettings(of, settings)
    expect(readSettings(of, { ...settings, bandBps: toBps(1) })).toEqual(settings)
    expect(map.get(key)).not.toContain('policy')
  })

  test('behaviour: one part that cannot be read takes no other with it', () => {
    const { turnoverCapBps: _, ...rest } = policy
    expect(readBack({ ...policy, scope: 'none', turnoverCapBps: -5 })).toEqual({ ...rest, scope: 'everything' })
    expect(readBack({ ...policy, cashReserve: { assetId: 'USDC', amount: -1n } })).not.toHaveProperty('cashReserve')
    expect(readBack('nothing')).toEqual({ scope: 'everything', destination: 'target', rules: [] })
  })

  test('behaviour: an asset whose rule cannot be read is not traded', () => {
    const rules = [
      { assetId: 'ETH', participation: 'sometimes' },
      { participation: 'free' },
      policy.rules[1],
      policy.rules[1],
    ]
    expect(readBack({ ...policy, rules })?.rules).toEqual([
      { assetId: 'ETH', participation: 'locked' },
      policy.rules[1],
    ])
  })
})

test('behaviour: the theme', () => {
  expect(readTheme()).toBe('system')
  saveTheme('dark')
  expect(readTheme()).toBe('dark')
  map.set('ballast.theme', 'pink')
  expect(readTheme()).toBe('system')
  vi.stubGlobal('localStorage', undefined)
  expect(readTheme()).toBe('system')
  saveTheme('dark')
})
