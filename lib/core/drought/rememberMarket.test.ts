import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildMarket } from '@/lib/testing/builders/market'
import { buildPlan } from '@/lib/testing/builders/plan'
import { toUsd, usdUnit } from '../units'
import { type MarketObservations, noObservations, type PriceSpan } from './observations'
import { composeObservations, memoryLimits, rememberMarket } from './rememberMarket'

const snapshot = buildMarket({
  holdings: { ETH: 1_000n, USDC: 10_000n },
  pools: [{ pair: ['LINK', 'USDC'], venue: 'v2', depthUsd: 1_000_000n, skewPpm: 5_000n }],
})
const plan = buildPlan(snapshot, [{ sell: 'USDC', paidFrom: 'token', amountIn: 1_000_000_000n, pools: snapshot.pools }])
const now = snapshot.block.timestamp
const seen = composeObservations(snapshot, plan)

/** The same market, so many seconds later. */
const later = (seconds: number): MarketObservations => ({
  impacts: seen.impacts.map((one) => ({ ...one, at: one.at + seconds })),
  gaps: seen.gaps.map((one) => ({ ...one, at: one.at + seconds })),
  prices: seen.prices.map((one) => ({ ...one, until: one.until + seconds })),
})

test('default: what a plan gives up, how far its pools are off, and what the feeds say', () => {
  const [pool] = snapshot.pools
  // One path of one pool: its impact is that of the leg.
  const { impactBps } = plan.legs[0]
  expect(seen.impacts).toEqual([{ sell: 'USDC', buy: 'LINK', soldUsd: 1_000n * usdUnit, impactBps, at: now }])
  expect(seen.gaps).toEqual([{ poolId: pool?.id, gapBps: 51, at: now }])
  expect(seen.prices).toHaveLength(snapshot.assets.length)
  expect(rememberMarket(noObservations, seen, now)).toMatchObject({ impacts: seen.impacts, gaps: seen.gaps })
})

test('behaviour: the same market seen again at once is no other observation; a price that still holds grows', () => {
  const first = rememberMarket(noObservations, seen, now)
  const again = rememberMarket(first, later(memoryLimits.spacingSeconds - 1), now + memoryLimits.spacingSeconds - 1)
  expect(again.impacts).toEqual(first.impacts)
  expect(again.gaps).toEqual(first.gaps)
  expect(again.prices).toHaveLength(first.prices.length)
  expect(again.prices.every(({ until }) => until === now + memoryLimits.spacingSeconds - 1)).toBe(true)
  const after = rememberMarket(first, later(memoryLimits.spacingSeconds), now + memoryLimits.spacingSeconds)
  expect(after.impacts).toHaveLength(2)
  expect(after.gaps).toHaveLength(2)
})

test('behaviour: what claims to be later than now is of a chain that is no more', () => {
  const ahead = rememberMarket(noObservations, later(5_000), now + 5_000)
  expect(rememberMarket(ahead, seen, now)).toEqual(rememberMarket(noObservations, seen, now))
})

test('behaviour: prices older than a day go', () => {
  const first = rememberMarket(noObservations, seen, now)
  const days = memoryLimits.priceSeconds + 1
  expect(rememberMarket(first, noObservations, now + days).prices).toEqual([])
  expect(rememberMarket(first, noObservations, now + days).impacts).toEqual(first.impacts)
})

describe('property', () => {
  test('property: however long and often somebody looks, what is kept is bounded, and the newest of it stays', () => {
    const steps = fc.array(
      fc.record({ wait: fc.integer({ min: 1, max: 4_000 }), cents: fc.integer({ min: 1, max: 9 }) }),
      {
        minLength: 1,
        maxLength: 120,
      },
    )
    fc.assert(
      fc.property(steps, (visits) => {
        let [memory, at] = [noObservations, now]
        for (const { wait, cents } of visits) {
          at += wait
          const price: PriceSpan = { assetId: 'ETH', usd: toUsd(BigInt(cents)), from: at, until: at }
          const moment = later(at - now)
          memory = rememberMarket(memory, { ...moment, prices: [price] }, at)
          expect(memory.prices.at(-1)).toMatchObject({ usd: price.usd, until: at })
        }
        expect(memory.impacts.length).toBeLessThanOrEqual(memoryLimits.impactsOfPair)
        expect(memory.gaps.length).toBeLessThanOrEqual(memoryLimits.gapsOfPool)
        expect(memory.prices.length).toBeLessThanOrEqual(memoryLimits.pricesOfAsset)
        for (const [index, { at: time }] of memory.impacts.entries()) {
          const before = memory.impacts[index - 1]
          if (before !== undefined) expect(time - before.at).toBeGreaterThanOrEqual(memoryLimits.spacingSeconds)
        }
      }),
    )
  })

  test('property: many pools and assets are bounded too', () => {
    const many: MarketObservations = {
      impacts: Array.from({ length: 700 }, (_, index) => ({
        sell: `A${index}`,
        buy: 'USDC',
        soldUsd: toUsd(1n),
        impactBps: 1,
        at: now,
      })),
      gaps: Array.from({ length: 2_100 }, (_, index) => ({
        poolId: `0x${index.toString(16).padStart(40, '0')}` as const,
        gapBps: 1,
        at: now,
      })),
      prices: Array.from({ length: 1_600 }, (_, index) => ({
        assetId: `A${index}`,
        usd: toUsd(1n),
        from: now,
        until: now,
      })),
    }
    const memory = rememberMarket(noObservations, many, now)
    expect(memory.impacts).toHaveLength(memoryLimits.impacts)
    expect(memory.gaps).toHaveLength(memoryLimits.gaps)
    expect(memory.prices).toHaveLength(memoryLimits.prices)
  })
})
