import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildMarket } from '@/lib/testing/builders/market'
import { toUsd } from '../units'
import { judgeMarket } from './judgeMarket'
import { type PriceSpan, toCloseSpans } from './observations'

const snapshot = buildMarket({ holdings: {} })
const now = snapshot.block.timestamp
const ids = snapshot.assets.map(({ asset }) => asset.id)

function priceNow(assetId: string): bigint {
  const price = snapshot.assets.find(({ asset }) => asset.id === assetId)?.price
  if (price?.status !== 'fresh') throw new Error(`no price of ${assetId}`)
  return price.usd
}

/** The price so many seconds ago was this part of what it is now, in basis points, and held for a minute. */
const earlier = (assetId: string, secondsAgo: number, partBps: bigint): PriceSpan => ({
  assetId,
  usd: toUsd((priceNow(assetId) * partBps) / 10_000n),
  from: now - secondsAgo - 60,
  until: now - secondsAgo,
})

/** Every asset had the price of now an hour and a day ago. */
const steady: readonly PriceSpan[] = ids.flatMap((assetId) => [
  earlier(assetId, 3_500, 10_000n),
  earlier(assetId, 86_000, 10_000n),
])

test('default', () => {
  expect(judgeMarket(snapshot, steady)).toEqual({ status: 'calm' })
})

test('behaviour: what was not seen is said, for the hour and for the day', () => {
  expect(judgeMarket(snapshot, [])).toEqual({
    status: 'unknown',
    unknown: [
      { kind: 'hour', known: 0, of: ids.length },
      { kind: 'day', known: 0, of: ids.length },
    ],
  })
  // Two unknown assets and no move: three cannot have gone together. A day needs all of them.
  const most = steady.filter(({ assetId }) => assetId !== 'ETH' && assetId !== 'LINK')
  expect(judgeMarket(snapshot, most)).toEqual({
    status: 'unknown',
    unknown: [{ kind: 'day', known: ids.length - 2, of: ids.length }],
  })
})

test('behaviour: a feed that was last written a day ago says by itself that nothing moved', () => {
  const assets = snapshot.assets.map((reading) =>
    reading.price.status === 'fresh' ? { ...reading, price: { ...reading.price, updatedAt: now - 86_400 } } : reading,
  )
  expect(judgeMarket({ ...snapshot, assets }, [])).toEqual({ status: 'calm' })
})

describe('three together', () => {
  const fall = (assetIds: readonly string[], partBps: bigint, secondsAgo = 3_000) => [
    ...steady,
    ...assetIds.map((assetId) => earlier(assetId, secondsAgo, partBps)),
  ]

  test('behaviour: beyond 5 % the same way within an hour, with each move', () => {
    const judgement = judgeMarket(snapshot, fall(['ETH', 'LINK', 'UNI'], 10_600n))
    expect(judgement).toMatchObject({
      status: 'drought',
      evidence: [
        {
          kind: 'together',
          direction: 'down',
          moves: [
            { assetId: 'ETH', changeBps: -567, since: now - 3_000 },
            { assetId: 'LINK', changeBps: -567 },
            { assetId: 'UNI', changeBps: -567 },
          ],
        },
      ],
    })
  })

  test('behaviour: two, or at exactly 5 %, or longer ago, or each its own way, is calm', () => {
    expect(judgeMarket(snapshot, fall(['ETH', 'LINK'], 10_600n)).status).toBe('calm')
    const exact = ['ETH', 'LINK', 'UNI'].map((assetId) => ({
      ...earlier(assetId, 3_000, 10_000n),
      usd: toUsd((priceNow(assetId) * 20n) / 19n + 0n),
    }))
    expect(exact.every(({ usd, assetId }) => (usd - priceNow(assetId)) * 20n <= usd)).toBe(true)
    expect(judgeMarket(snapshot, [...steady, ...exact]).status).toBe('calm')
    expect(judgeMarket(snapshot, fall(['ETH', 'LINK', 'UNI'], 10_600n, 3_700)).status).toBe('calm')
    const mixed = [...fall(['ETH', 'LINK'], 10_600n), earlier('UNI', 3_000, 9_000n), earlier('AAVE', 3_000, 9_000n)]
    expect(judgeMarket(snapshot, mixed).status).toBe('calm')
  })
})

test('behaviour: one beyond 15 % within a day', () => {
  expect(judgeMarket(snapshot, [...steady, earlier('UNI', 80_000, 8_600n)])).toMatchObject({
    status: 'drought',
    evidence: [{ kind: 'alone', move: { assetId: 'UNI', changeBps: 1_628 } }],
  })
  expect(judgeMarket(snapshot, [...steady, earlier('UNI', 80_000, 8_700n)]).status).toBe('calm')
  expect(judgeMarket(snapshot, [...steady, earlier('UNI', 87_000, 8_600n)]).status).toBe('calm')
})

test('behaviour: a day’s close is known to hold at its end, and the last days alone are compared', () => {
  const today = Math.floor(now / 86_400)
  const usd = toUsd((priceNow('UNI') * 8n) / 10n)
  const closes = [today - 3, today - 2, today - 1, today].map((day) => ({ day, usd }))
  const spans = toCloseSpans([{ assetId: 'UNI', closes, gaps: [] }], now)
  const midnight = today * 86_400
  expect(spans).toEqual([
    { assetId: 'UNI', usd, from: midnight - 86_400, until: midnight - 86_400 },
    { assetId: 'UNI', usd, from: midnight, until: midnight },
  ])
  expect(judgeMarket(snapshot, [...steady, ...spans])).toMatchObject({
    status: 'drought',
    evidence: [{ kind: 'alone', move: { assetId: 'UNI', changeBps: 2_500, since: midnight } }],
  })
})

test('property: more history never takes a drought away, and every move breaks its limit', () => {
  const spans = fc.array(
    fc
      .record({
        assetId: fc.constantFrom(...ids),
        secondsAgo: fc.integer({ min: 0, max: 100_000 }),
        partBps: fc.integer({ min: 5_000, max: 20_000 }),
      })
      .map(({ assetId, secondsAgo, partBps }) => earlier(assetId, secondsAgo, BigInt(partBps))),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(spans, spans, (some, more) => {
      const [few, many] = [judgeMarket(snapshot, some), judgeMarket(snapshot, [...some, ...more])]
      if (few.status === 'drought') expect(many.status).toBe('drought')
      for (const evidence of many.status === 'drought' ? many.evidence : []) {
        if (evidence.kind === 'alone') expect(Math.abs(evidence.move.changeBps)).toBeGreaterThan(1_500)
        else {
          expect(evidence.moves.length).toBeGreaterThanOrEqual(3)
          for (const { changeBps } of evidence.moves) expect(Math.abs(changeBps)).toBeGreaterThan(500)
        }
      }
    }),
  )
})
