import { describe, expect, test } from 'vitest'
import type { Asset } from '@/lib/core/asset'
import { openPolicy } from '@/lib/core/policy/policy'
import type { Snapshot, TokenReading } from '@/lib/core/snapshot'
import { buildAsset, etherAsset } from '@/lib/testing/builders/assets'
import { heldAmount, listCashChoices, type ModeDraft, measureInvestable, readMode } from './modeDraft'
import { askForAmount, describeMode, describeModeKind, modes } from './modeWords'
import { examplePlan } from './testing/examplePlan'

const usdc = buildAsset('USDC', { decimals: 6, isStable: true })
const dai = buildAsset('DAI', { isStable: true })
const assets: readonly Asset[] = [etherAsset, dai, usdc, buildAsset('LINK')]
const draft: ModeDraft = { kind: 'investCash', assetId: 'USDC', text: '12.5' }

function holding(amounts: Readonly<Record<string, bigint | undefined>>): Pick<Snapshot, 'assets'> {
  return {
    assets: assets.map((asset) => ({
      asset,
      price: { status: 'noFeed' },
      tokens: asset.tokens.map((token): TokenReading => {
        const known = { status: 'known', amount: amounts[token.symbol] ?? 0n } as const
        const isUnreadable = token.symbol in amounts && amounts[token.symbol] === undefined
        return {
          token,
          balance: isUnreadable ? { status: 'unreadable', reason: 'test' } : known,
          routerAllowance: known,
          permit2Allowance: known,
          universalRouterGrant: { status: 'known', amount: 0n, expiration: 0 },
        }
      }),
    })),
  }
}

describe('readMode', () => {
  test('default', () => {
    expect(readMode(draft, assets)).toEqual({
      status: 'ready',
      mode: { kind: 'investCash', assetId: 'USDC', amount: 12_500_000n },
    })
    expect(readMode({ ...draft, kind: 'rebalance', text: 'x' }, assets).mode).toEqual({ kind: 'rebalance' })
  })

  test('behaviour: nothing typed waits, what cannot be read says why, and neither has an amount', () => {
    expect(readMode({ ...draft, text: ' ' }, assets)).toMatchObject({ status: 'waiting', mode: { amount: 0n } })
    for (const text of ['0', '0.000', '-1', '1e3', '1.0000001', 'x']) {
      const read = readMode({ ...draft, text }, assets)
      expect(read, text).toMatchObject({ status: 'refused', mode: { amount: 0n } })
      expect(read.status === 'refused' && read.message, text).toMatch(/^Enter /)
    }
  })
})

describe('listCashChoices', () => {
  const snapshot = holding({ ETH: 5n, USDC: 7n })
  const idsOf = (kind: ModeDraft['kind'], policy = openPolicy) => {
    const { stable, others } = listCashChoices({ kind, assetId: '' }, { assets, snapshot, policy })
    return [stable.map(({ id }) => id), others.map(({ id }) => id)]
  }

  test('default: stable assets that are held come first', () => {
    expect(idsOf('raiseCash')).toEqual([
      ['USDC', 'DAI'],
      ['ETH', 'LINK'],
    ])
  })

  test('behaviour: only what is held can be invested, and what does not count is no cash', () => {
    expect(idsOf('investCash')).toEqual([['USDC'], ['ETH']])
    const rules = [{ assetId: 'ETH', participation: 'excluded' }] as const
    expect(idsOf('investCash', { ...openPolicy, rules })).toEqual([['USDC'], []])
  })
})

describe('measureInvestable', () => {
  const of = (asset: Asset, amounts: Readonly<Record<string, bigint | undefined>>, reserve = 0n) =>
    measureInvestable(asset, {
      snapshot: holding(amounts),
      settings: {
        nativeReserve: 3n,
        policy: { ...openPolicy, cashReserve: { assetId: 'USDC', amount: reserve } },
      },
      nativeReserveFloor: 2n,
      isNative: asset.id === 'ETH',
    })

  test('default: what is held less what is kept back', () => {
    expect(of(usdc, { USDC: 10n }, 4n)).toBe(6n)
    expect(of(usdc, { USDC: 3n }, 4n)).toBe(0n)
    expect(of(etherAsset, { ETH: 8n, WETH: 2n })).toBe(7n)
  })

  test('behaviour: a holding that is not known in full is not known', () => {
    expect(of(etherAsset, { ETH: 8n, WETH: undefined })).toBeUndefined()
    expect(heldAmount(undefined, 'ETH')).toBeUndefined()
  })
})

describe('words', () => {
  const spending = { assetId: 'USDC', token: usdc.tokens[0].address, amount: 1_000_000_000n }
  const plan = { ...examplePlan, spendings: [spending] } as const
  const amount = 1_000_000_000n

  test('default: each mode says what its plan does', () => {
    const say = (kind: 'investCash' | 'raiseCash' | 'withdraw', asked = amount) =>
      describeMode({ kind, assetId: 'USDC', amount: asked }, plan, assets)
    expect(say('investCash')).toBe('Spends 1,000 USDC on what is furthest below its target.')
    expect(say('investCash', 2n * amount)).toContain('Spends 1,000 USDC of the 2,000 USDC')
    expect(say('raiseCash')).toContain('so that at least 1,000 USDC more are in the wallet')
    expect(say('withdraw')).toContain('so that 1,000 USDC can leave and the weights stay')
    expect(describeMode({ kind: 'rebalance' }, plan, assets)).toBeUndefined()
  })

  test('behaviour: before there is an amount it is asked for, by name', () => {
    for (const { kind } of modes) {
      if (kind === 'rebalance') continue
      expect(askForAmount(kind, 'USDC')).toContain('USDC')
      expect(describeModeKind(kind)).toMatch(/^(Buys|Sells)/)
    }
    expect(modes.map(({ text }) => text)).toEqual(['Rebalance', 'Invest cash', 'Raise cash', 'Withdraw'])
  })
})
