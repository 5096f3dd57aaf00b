import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildMarket, type PoolPlan } from '@/lib/testing/builders/market'
import { buildPlan } from '@/lib/testing/builders/plan'
import type { Leg, RebalancePlan } from '../rebalance/plan'
import type { Snapshot } from '../snapshot'
import { mulDivUp, toUsd, usdUnit } from '../units'
import { droughtLimits, judgeDrought } from './judgeDrought'
import { type MarketObservations, noObservations, type PairImpact, type PoolGap } from './observations'
import { measureDepth } from './poolPrice'

const hour = 3_600

/** USDC to LINK in one pool of so much on each side, `skewPpm` off the feeds. */
function market(traits: Partial<PoolPlan> & { readonly tradeUsd?: bigint } = {}) {
  const { tradeUsd = 1_000n, ...pool } = traits
  const snapshot = buildMarket({
    holdings: { ETH: 1_000n, USDC: 1_000_000n },
    pools: [{ pair: ['LINK', 'USDC'], venue: 'v2', depthUsd: 100_000_000n, ...pool }],
  })
  const plan = buildPlan(snapshot, [
    { sell: 'USDC', paidFrom: 'token', amountIn: tradeUsd * 1_000_000n, pools: snapshot.pools },
  ])
  return { snapshot, plan }
}

/** The same plan, with the impact that a test wants: LINK stands at $15, and the pool takes 0.3 %. */
function withImpact(plan: RebalancePlan, impactBps: number): RebalancePlan {
  return { ...plan, legs: [legWithImpact(plan, impactBps)] }
}

function legWithImpact({ legs: [leg] }: RebalancePlan, impactBps: number): Leg {
  const [hop] = leg.hops
  const paidBps = 10_000n - 30n - BigInt(impactBps)
  const amountOut = mulDivUp(hop.amountIn * 10n ** 12n, paidBps, 150_000n)
  return { ...leg, hops: [{ ...hop, amountOut }] }
}

const impactsOf = (plan: RebalancePlan, values: readonly number[], soldUsd = 1_000n): readonly PairImpact[] =>
  values.map((impactBps, index) => ({
    sell: 'USDC',
    buy: 'LINK',
    soldUsd: toUsd(soldUsd * usdUnit),
    impactBps,
    at: plan.block.timestamp - (index + 1) * hour,
  }))

const gapsOf = ({ pools, block }: Snapshot, values: readonly number[]): readonly PoolGap[] =>
  pools.flatMap(({ id }) =>
    values.map((gapBps, index) => ({ poolId: id, gapBps, at: block.timestamp - (index + 1) * hour })),
  )

const judgeLeg = (
  { plan, snapshot }: { readonly plan: RebalancePlan; readonly snapshot: Snapshot },
  seen: Partial<MarketObservations> = {},
) => {
  const [leg] = judgeDrought(plan, snapshot, { ...noObservations, ...seen }).legs
  if (leg === undefined) throw new Error('no leg')
  return leg
}

test('default: a deep pool at the feeds’ price is calm, and a day without prices is not', () => {
  const { plan, snapshot } = market()
  const judgement = judgeDrought(plan, snapshot, noObservations)
  expect(judgement.legs).toEqual([{ legIndex: 0, sell: 'USDC', buy: 'LINK', status: 'calm' }])
  expect(judgement.market.status).toBe('unknown')
  expect(judgement.status).toBe('unknown')
})

describe('impact', () => {
  const { plan, snapshot } = market()

  test('behaviour: beyond three times the median, with both figures', () => {
    const seen = { impacts: impactsOf(plan, [9, 12, 10, 40, 1]) }
    expect(judgeLeg({ plan: withImpact(plan, 30), snapshot }, seen).status).toBe('calm')
    expect(judgeLeg({ plan: withImpact(plan, 31), snapshot }, seen)).toMatchObject({
      status: 'drought',
      evidence: [
        {
          kind: 'impact',
          impactBps: 31,
          limitBps: 30,
          soldUsd: 1_000n * usdUnit,
          usual: { status: 'known', medianBps: 10, count: 5 },
        },
      ],
    })
  })

  test('behaviour: too few observations are said, and are not fine', () => {
    const seen = { impacts: impactsOf(plan, [1, 1, 1, 1]) }
    expect(judgeLeg({ plan: withImpact(plan, 200), snapshot }, seen)).toMatchObject({
      status: 'unknown',
      unknown: [{ kind: 'impact', impactBps: 200, count: 4, needed: 5 }],
    })
  })

  test('behaviour: trades of another pair, another size, or not before this plan do not count', () => {
    const one = { impactBps: 1, soldUsd: toUsd(1_000n * usdUnit), at: plan.block.timestamp - hour }
    const others: readonly PairImpact[] = [
      ...Array.from({ length: 9 }, () => ({ ...one, sell: 'LINK', buy: 'USDC' })),
      ...impactsOf(
        plan,
        Array.from({ length: 9 }, () => 1),
        3_001n,
      ),
      ...impactsOf(
        plan,
        Array.from({ length: 9 }, () => 1),
        333n,
      ),
      ...Array.from({ length: 9 }, () => ({ ...one, sell: 'USDC', buy: 'LINK', at: plan.block.timestamp })),
    ]
    expect(judgeLeg({ plan: withImpact(plan, 50), snapshot }, { impacts: others })).toMatchObject({
      status: 'unknown',
      unknown: [{ kind: 'impact', count: 0 }],
    })
  })

  test('behaviour: where pools usually pay better than the feeds, a few basis points are no drought', () => {
    const seen = { impacts: impactsOf(plan, [-4, -3, -5, 0, -8]) }
    expect(judgeLeg({ plan: withImpact(plan, 10), snapshot }, seen).status).toBe('calm')
    expect(judgeLeg({ plan: withImpact(plan, 11), snapshot }, seen).status).toBe('drought')
  })

  test('behaviour: the legs of a pair count together', () => {
    const seen = { impacts: impactsOf(plan, [10, 10, 10, 10, 10], 2_000n) }
    const split = (first: number, second: number) =>
      judgeDrought({ ...plan, legs: [legWithImpact(plan, first), legWithImpact(plan, second)] }, snapshot, {
        ...noObservations,
        ...seen,
      }).legs
    expect(split(50, 10).map(({ status }) => status)).toEqual(['calm', 'calm'])
    expect(split(50, 12).map(({ status }) => status)).toEqual(['drought', 'drought'])
  })
})

describe('gap', () => {
  test('behaviour: within 1 % whatever is usual', () => {
    const near = market({ skewPpm: 9_900n })
    const impacts = impactsOf(near.plan, [90, 90, 90, 90, 90])
    expect(judgeLeg(near, { impacts, gaps: gapsOf(near.snapshot, [1, 1, 1, 1, 1]) }).status).toBe('calm')
  })

  test('behaviour: beyond 1 % and beyond three times the usual', () => {
    const off = market({ skewPpm: 15_000n })
    expect(judgeLeg(off, { gaps: gapsOf(off.snapshot, [20, 20, 20, 20, 20]) })).toMatchObject({
      status: 'drought',
      evidence: [{ kind: 'gap', gapBps: 151, limitBps: 100, usual: { medianBps: 20, count: 5 } }],
    })
    const impacts = impactsOf(off.plan, [90, 90, 90, 90, 90])
    expect(judgeLeg(off, { impacts, gaps: gapsOf(off.snapshot, [60, 60, 60, 60, 60]) }).status).toBe('calm')
  })

  test('behaviour: beyond 1 % with nothing seen before is a drought that says so', () => {
    expect(judgeLeg(market({ skewPpm: -15_000n }))).toMatchObject({
      status: 'drought',
      evidence: [{ kind: 'gap', limitBps: 100, usual: { status: 'tooFew', count: 0, needed: 5 } }],
    })
  })

  test('behaviour: a pool that was not read is not called calm', () => {
    const { plan, snapshot } = market()
    const leg = judgeLeg({ plan, snapshot: { ...snapshot, pools: [] } })
    expect(leg).toMatchObject({ status: 'unknown', unknown: [{ reason: 'unread' }, { reason: 'unread' }] })
  })
})

describe('depth', () => {
  test('behaviour: ten times the trade is enough, less is not', () => {
    const shallow = market({ depthUsd: 1_000_000n })
    const [pool] = shallow.snapshot.pools
    if (pool === undefined) throw new Error('no pool')
    const { amountIn } = measureDepth(pool, pool.assetIds[0] === 'USDC')
    // About 1 % of the side: 1 - 1 / sqrt(0.98), and the fee of 0.3 %.
    expect(Number(amountIn) / 1e6 / 1_000_000).toBeCloseTo(0.010_183, 5)
    const trade = (units: bigint) =>
      buildPlan(shallow.snapshot, [{ sell: 'USDC', paidFrom: 'token', amountIn: units, pools: [pool] }])
    const enough = { plan: trade(amountIn / 10n), snapshot: shallow.snapshot }
    expect(judgeLeg(enough, { impacts: impactsOf(enough.plan, [9, 9, 9, 9, 9]) }).status).toBe('calm')
    const tooMuch = { plan: trade(amountIn / 10n + 1n), snapshot: shallow.snapshot }
    expect(judgeLeg(tooMuch)).toMatchObject({
      status: 'drought',
      evidence: [{ kind: 'depth', sell: 'USDC', buy: 'LINK', poolCount: 1 }],
    })
  })

  test('behaviour: pools that the plan left out are no depth', () => {
    const { snapshot, plan } = market({ depthUsd: 100_000n })
    const deep = buildMarket({
      holdings: {},
      pools: [{ pair: ['LINK', 'USDC'], venue: 3000, depthUsd: 9_000_000n }],
    }).pools
    const both = { ...snapshot, pools: [...snapshot.pools, ...deep] }
    expect(judgeLeg({ plan, snapshot: both }).status).not.toBe('drought')
    const leftOut = deep.flatMap((pool) =>
      pool.kind === 'concentrated'
        ? [
            {
              pool: { kind: pool.kind, id: pool.id, feePips: pool.feePips },
              assetIds: pool.assetIds,
              reason: 'offPrice' as const,
            },
          ]
        : [],
    )
    expect(judgeLeg({ plan: { ...plan, leftOut }, snapshot: both }).status).toBe('drought')
  })

  test('behaviour: where ticks are not known far enough, shallow is unknown', () => {
    const { snapshot, plan } = market({ venue: 3000, depthUsd: 100_000n })
    const narrow = snapshot.pools.map((pool) =>
      pool.kind === 'concentrated' ? { ...pool, knownTicks: { lower: pool.tick - 2, upper: pool.tick + 2 } } : pool,
    )
    expect(judgeLeg({ plan, snapshot: { ...snapshot, pools: narrow } })).toMatchObject({
      status: 'unknown',
      unknown: expect.arrayContaining([{ kind: 'depth', reason: 'unread', sell: 'USDC', buy: 'LINK' }]),
    })
  })
})

describe('property', () => {
  const impactLists = fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 12 })

  test('property: a larger impact is never judged milder, and evidence always breaks its own limit', () => {
    const { plan, snapshot } = market()
    const rank = { calm: 0, unknown: 1, drought: 2 } as const
    fc.assert(
      fc.property(impactLists, fc.integer({ min: -50, max: 490 }), fc.nat(200), (values, impactBps, more) => {
        const seen = { impacts: impactsOf(plan, values) }
        const [small, large] = [impactBps, impactBps + more].map((bps) =>
          judgeLeg({ plan: withImpact(plan, bps), snapshot }, seen),
        )
        if (small === undefined || large === undefined) throw new Error('two')
        expect(rank[large.status]).toBeGreaterThanOrEqual(rank[small.status])
        for (const evidence of large.status === 'drought' ? large.evidence : []) {
          if (evidence.kind !== 'impact') continue
          expect(evidence.impactBps).toBeGreaterThan(evidence.limitBps)
          expect(evidence.limitBps).toBe(
            Math.max(droughtLimits.leastImpactBps, droughtLimits.timesUsual * evidence.usual.medianBps),
          )
        }
        if (values.length < 5) expect(large.status).not.toBe('drought')
      }),
    )
  })

  test('property: a shallower pool is never judged milder', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 9_000 }), fc.integer({ min: 1, max: 9_000 }), (thousands, more) => {
        const [thin, deep] = [thousands, thousands + more].map((depth) => {
          const made = market({ venue: 3000, depthUsd: BigInt(depth) * 1_000n, tradeUsd: 50n })
          const leg = judgeLeg(made)
          return leg.status === 'drought' && leg.evidence.some(({ kind }) => kind === 'depth')
        })
        expect(deep === true && thin === false).toBe(false)
      }),
    )
  })
})
