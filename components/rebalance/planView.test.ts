import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { ProjectedPosition, RebalancePlan } from '@/lib/core/rebalance/plan'
import { toBps, toUsd, usdUnit } from '@/lib/core/units'
import { listTraded, toCostParts, toLegViews, toPurchaseViews, toWeightRows } from './planView'
import { examplePlan } from './testing/examplePlan'

const { assets } = localDeployment

const position = (assetId: string, now: number, projected: number, target: number): ProjectedPosition => ({
  assetId,
  nowAmount: 1n,
  nowUsd: toUsd(BigInt(now) * usdUnit),
  nowBps: toBps(now),
  projectedAmount: 1n,
  projectedUsd: toUsd(BigInt(projected) * usdUnit),
  projectedBps: toBps(projected),
  targetBps: toBps(target),
})

describe('toWeightRows', () => {
  const plan: RebalancePlan = {
    ...examplePlan,
    positions: [position('ETH', 3_333, 3_333, 3_334), position('USDC', 6_667, 6_667, 6_666), position('UNI', 0, 0, 0)],
  }

  test('default', () => {
    const rows = toWeightRows(plan, assets)
    expect(rows.map(({ assetId, now, target }) => [assetId, now.text, target.text])).toEqual([
      ['ETH', '33.3 %', '33.3 %'],
      ['USDC', '66.7 %', '66.7 %'],
    ])
    expect(rows[0]?.name).toBe('Ether')
  })

  test('behaviour: a column of thirds sums to 100.0', () => {
    const thirds = {
      ...plan,
      positions: ['ETH', 'USDC', 'DAI'].map((id, i) => position(id, i === 0 ? 3_334 : 3_333, 0, 0)),
    }
    const texts = toWeightRows(thirds, assets).map(({ now }) => Number.parseFloat(now.text) * 10)
    expect(Math.round(texts.reduce((sum, tenths) => sum + tenths, 0))).toBe(1_000)
  })
})

describe('toLegViews', () => {
  test('default', () => {
    const [leg] = toLegViews(examplePlan, assets)
    expect(leg).toMatchObject({
      sell: { symbol: 'USDC', amount: 1_000_000_000n, decimals: 6 },
      buy: { symbol: 'LINK', decimals: 18 },
      hops: [
        { from: 'USDC', to: 'ETH', venue: 'v3', fee: '0.05 %' },
        { from: 'ETH', to: 'LINK', venue: 'v2', fee: '0.3 %' },
      ],
    })
  })

  test('behaviour: a leg carries its share of the gas, rounded up', () => {
    const [leg] = toLegViews(examplePlan, assets)
    expect(leg?.gasUsd).toBe((examplePlan.gas.usd * 150_000n + 199_999n) / 200_000n)
  })

  test('behaviour: ether paid from the native coin is ETH, from the wrapped one WETH', () => {
    const [first] = examplePlan.legs
    const weth = localDeployment.contracts.wrappedNative
    const sold = (paidFrom: 'native' | 'token') =>
      toLegViews(
        { ...examplePlan, legs: [{ ...first, sell: 'ETH', paidFrom, hops: [{ ...first.hops[0], tokenIn: weth }] }] },
        assets,
      )[0]?.sell.symbol
    expect([sold('native'), sold('token')]).toEqual(['ETH', 'WETH'])
  })
})

describe('toLegViews of the Universal Router', () => {
  const [first] = examplePlan.legs
  const [into, on] = first.hops
  if (on === undefined) throw new Error('two hops')
  const legs = toLegViews(
    {
      ...examplePlan,
      router: 'universalRouter',
      legs: [
        {
          ...first,
          buy: 'ETH',
          paidTo: 'router',
          hops: [{ ...into, pool: { kind: 'singleton', id: '0x07', feePips: 500, tickSpacing: 10 } }],
          quotedOut: into.amountOut,
          minimumOut: 0n,
        },
        { ...first, sell: 'ETH', paidFrom: 'router', hops: [on], amountIn: on.amountIn, minimumOut: 0n },
      ],
    },
    assets,
  )

  test('default', () => {
    expect(legs[0]).toMatchObject({
      sell: { symbol: 'USDC', amount: 1_000_000_000n },
      buy: { symbol: 'ETH', amount: 4n * 10n ** 17n },
      hops: [{ venue: 'v4', fee: '0.05 %', pool: '0x07' }],
      minimumOut: undefined,
      passing: 'ETH for later trades',
    })
    expect(legs[1]).toMatchObject({ sell: { symbol: 'ETH' }, passing: 'ETH from earlier trades' })
  })
})

describe('toPurchaseViews', () => {
  test('default', () => {
    expect(toPurchaseViews(examplePlan, assets)).toEqual([
      {
        assetId: 'LINK',
        minimum: { symbol: 'LINK', decimals: 18, amount: 65n * 10n ** 18n },
        quoted: { symbol: 'LINK', decimals: 18, amount: 66n * 10n ** 18n },
        marginCentiBps: 15_151,
      },
    ])
  })
})

describe('toCostParts', () => {
  test('default', () => {
    const parts = toCostParts({
      feeUsd: toUsd(3n),
      impactUsd: 1n,
      gasUsd: toUsd(4n),
      totalUsd: 8n,
      totalCentiBps: 1,
    })
    expect(parts.map(({ kind, sharePercent }) => [kind, sharePercent])).toEqual([
      ['fee', 37.5],
      ['impact', 12.5],
      ['gas', 50],
    ])
  })

  test('behaviour: what comes back takes no share of the bar', () => {
    const parts = toCostParts({
      feeUsd: toUsd(3n),
      impactUsd: -2n,
      gasUsd: toUsd(1n),
      totalUsd: 2n,
      totalCentiBps: 1,
    })
    expect(parts.map(({ sharePercent }) => sharePercent)).toEqual([75, 0, 25])
  })
})

describe('listTraded', () => {
  test('default', () => {
    expect(listTraded(examplePlan)).toEqual({ sold: ['USDC'], bought: ['LINK'] })
  })
})
