import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildMarket } from '@/lib/testing/builders/market'
import { buildPlan, buildRequoteRequest } from '@/lib/testing/builders/plan'
import { requotePlan } from '../rebalance/requotePlan'
import type { AssetReading, Pool, Snapshot, TokenReading } from '../snapshot'
import { toUsd } from '../units'
import {
  compareSources,
  listSignedAssets,
  listSignedPools,
  mergeSources,
  type SourceDisagreement,
} from './compareSources'

const ours = buildMarket({ holdings: { ETH: 20_000n, USDC: 40_000n, LINK: 15_000n, UNI: 3_000n } })

function poolOf(snapshot: Snapshot, a: string, b: string, kind: Pool['kind']): Pool {
  const found = snapshot.pools.find((of) => of.kind === kind && of.assetIds.includes(a) && of.assetIds.includes(b))
  if (found === undefined) throw new Error(`no pool of ${a} and ${b}`)
  return found
}

const plan = buildPlan(ours, [
  { sell: 'LINK', paidFrom: 'token', amountIn: 10n ** 20n, pools: [poolOf(ours, 'LINK', 'USDC', 'concentrated')] },
  { sell: 'LINK', paidFrom: 'token', amountIn: 10n ** 19n, pools: [poolOf(ours, 'LINK', 'ETH', 'constantProduct')] },
])

/** The wallet's side: at the same block unless told, of the assets and pools of the plan alone. */
function compare(change: (of: Snapshot) => Snapshot = (of) => of, head: Partial<Snapshot['block']> = {}) {
  const [assetIds, poolIds] = [listSignedAssets(plan, ours), listSignedPools(plan)]
  const wallets = change({
    ...ours,
    assets: ours.assets.filter(({ asset }) => assetIds.has(asset.id)),
    pools: ours.pools.filter(({ id }) => poolIds.has(id)),
  })
  const requoteOn = (snapshot: Snapshot) => requotePlan(plan, buildRequoteRequest(snapshot))
  return compareSources(plan, {
    ours: { snapshot: ours, requote: requoteOn(ours) },
    wallets: { snapshot: wallets, requote: requoteOn(mergeSources(ours, wallets)) },
    walletHead: { ...ours.block, ...head },
  })
}

const onAsset = (id: string, change: (of: AssetReading) => AssetReading) => (of: Snapshot) => ({
  ...of,
  assets: of.assets.map((reading) => (reading.asset.id === id ? change(reading) : reading)),
})
const onToken = (id: string, change: (of: TokenReading) => TokenReading) =>
  onAsset(id, (reading) => ({ ...reading, tokens: reading.tokens.map(change) }))
const onPool = (kind: Pool['kind'], change: (of: Pool) => Pool) => (of: Snapshot) => ({
  ...of,
  pools: of.pools.map((pool) => (pool.kind === kind ? change(pool) : pool)),
})
const nextBlock = (of: Snapshot): Snapshot => ({
  ...of,
  block: { ...of.block, number: of.block.number + 1n, hash: '0x02', timestamp: of.block.timestamp + 12 },
})
const known = (amount: bigint) => ({ status: 'known', amount }) as const
const unreadable = { status: 'unreadable', reason: 'no' } as const
const kinds = (found: readonly SourceDisagreement[]) => [...new Set(found.map(({ kind }) => kind))].sort()

test('default', () => {
  expect([...listSignedAssets(plan, ours)].sort()).toEqual(['ETH', 'LINK', 'USDC'])
  expect(listSignedPools(plan).size).toBe(2)
  expect(compare()).toEqual([])
  expect(compare(nextBlock)).toEqual([])
})

describe('F-30: balances and allowances', () => {
  test('behaviour: a balance that is doubled, halved or one unit off', () => {
    const linkHeld = ours.assets.find(({ asset }) => asset.id === 'LINK')?.tokens[0]?.balance
    const held = linkHeld?.status === 'known' ? linkHeld.amount : 0n
    for (const amount of [held * 2n, held / 2n, held + 1n, 0n]) {
      for (const at of [(of: Snapshot) => of, nextBlock]) {
        const found = compare((of) => at(onToken('LINK', (token) => ({ ...token, balance: known(amount) }))(of)))
        expect(found).toMatchObject([{ kind: 'balance', symbol: 'LINK', ours: held, wallets: amount }])
      }
    }
  })

  test('behaviour: a balance that the wallet cannot read is not confirmed', () => {
    const found = compare(onToken('USDC', (token) => ({ ...token, balance: unreadable })))
    expect(found[0]).toMatchObject({ kind: 'balance', symbol: 'USDC', wallets: undefined })
  })

  test.each(['routerAllowance', 'permit2Allowance'] as const)('behaviour: another %s', (field) => {
    const found = compare(onToken('LINK', (token) => ({ ...token, [field]: known(77n) })))
    expect(found).toMatchObject([{ kind: 'allowance', symbol: 'LINK', wallets: 77n }])
  })

  test('behaviour: another grant of Permit2, in amount or in time', () => {
    for (const grant of [
      { status: 'known', amount: 5n, expiration: 0 },
      { status: 'known', amount: 0n, expiration: 9 },
      unreadable,
    ] as const) {
      const found = compare(onToken('LINK', (token) => ({ ...token, universalRouterGrant: grant })))
      expect(kinds(found)).toEqual(['allowance'])
    }
  })

  test('behaviour: what the plan does not touch is not compared', () => {
    expect(compare(onToken('UNI', (token) => ({ ...token, balance: known(1n) })))).toEqual([])
  })

  test('behaviour: an asset that the wallet knows nothing of', () => {
    const found = compare((of) => ({ ...of, assets: of.assets.filter(({ asset }) => asset.id !== 'LINK') }))
    expect(kinds(found)).toEqual(['allowance', 'balance', 'price'])
  })
})

describe('T-41: feeds, pools, quotes and blocks', () => {
  const withPrice = (perMille: bigint) =>
    onAsset('LINK', (reading) => ({
      ...reading,
      price:
        reading.price.status === 'fresh'
          ? { ...reading.price, usd: toUsd((reading.price.usd * perMille) / 1_000n) }
          : reading.price,
    }))

  test('behaviour: a feed at one block is the same, at two at most 0.5 % apart', () => {
    expect(kinds(compare(withPrice(1_001n)))).toContain('price')
    expect(kinds(compare((of) => nextBlock(withPrice(1_005n)(of))))).toEqual([])
    expect(kinds(compare((of) => nextBlock(withPrice(1_006n)(of))))).toContain('price')
    expect(kinds(compare((of) => nextBlock(withPrice(994n)(of))))).toContain('price')
  })

  test('behaviour: a feed that only one of them finds fresh', () => {
    const stale = onAsset('LINK', (reading) => ({ ...reading, price: { status: 'invalid', reason: 'notPositive' } }))
    expect(kinds(compare(stale))).toContain('price')
  })

  test('behaviour: a pool at one block is the same, to the last unit of its liquidity', () => {
    const deeper = onPool('concentrated', (pool) =>
      pool.kind === 'constantProduct' ? pool : { ...pool, liquidity: pool.liquidity + 1n },
    )
    expect(kinds(compare(deeper))).toContain('pool')
    const heavier = onPool('constantProduct', (pool) =>
      pool.kind === 'constantProduct' ? { ...pool, reserve0: pool.reserve0 + 1n } : pool,
    )
    expect(kinds(compare(heavier))).toContain('pool')
    expect(kinds(compare((of) => nextBlock(heavier(of))))).toEqual([])
  })

  test('behaviour: ticks that differ within what both know', () => {
    const other = onPool('concentrated', (pool) =>
      pool.kind === 'constantProduct'
        ? pool
        : { ...pool, ticks: pool.ticks.map((tick) => ({ ...tick, liquidityNet: tick.liquidityNet * 2n })) },
    )
    expect(kinds(compare(other))).toContain('pool')
  })

  test('behaviour: a pool of one per cent more, at another block, and its quote', () => {
    const moved = onPool('constantProduct', (pool) =>
      pool.kind === 'constantProduct' ? { ...pool, reserve0: (pool.reserve0 * 101n) / 100n } : pool,
    )
    expect(kinds(compare((of) => nextBlock(moved(of))))).toEqual(['pool', 'quote'])
  })

  test('behaviour: liquidity that is not there shows in the quote, whatever the price says', () => {
    const shallow = onPool('constantProduct', (pool) =>
      pool.kind === 'constantProduct'
        ? { ...pool, reserve0: pool.reserve0 / 1_000n, reserve1: pool.reserve1 / 1_000n }
        : pool,
    )
    expect(kinds(compare((of) => nextBlock(shallow(of))))).toEqual(['quote'])
  })

  test('behaviour: a pool that the wallet does not find', () => {
    expect(kinds(compare((of) => ({ ...of, pools: of.pools.slice(1) })))).toContain('pool')
  })

  test('behaviour: newest blocks that are more than five, and more than seconds, apart', () => {
    const { number, timestamp } = ours.block
    expect(compare(undefined, { number: number + 5n, timestamp: timestamp + 60 })).toEqual([])
    expect(compare(undefined, { number: number + 500n, timestamp: timestamp + 10 })).toEqual([])
    const far = { kind: 'block', ours: number, wallets: number - 6n, secondsApart: 72 }
    expect(compare(undefined, { number: number - 6n, timestamp: timestamp - 72 })).toEqual([far])
  })
})

test('property: whatever single number of the wallet is changed at one block is noticed', () => {
  const change = fc.record({
    what: fc.constantFrom('balance', 'routerAllowance', 'permit2Allowance', 'price', 'pool'),
    id: fc.constantFrom('ETH', 'LINK', 'USDC'),
    by: fc.bigInt({ min: 1n, max: 10n ** 24n }),
  })
  fc.assert(
    fc.property(change, ({ what, id, by }) => {
      const found = compare((of) => {
        if (what === 'price') {
          return onAsset(id, (reading) =>
            reading.price.status === 'fresh'
              ? { ...reading, price: { ...reading.price, usd: toUsd(reading.price.usd + by) } }
              : reading,
          )(of)
        }
        if (what === 'pool') {
          return onPool('constantProduct', (pool) =>
            pool.kind === 'constantProduct' ? { ...pool, reserve1: pool.reserve1 + by } : pool,
          )(of)
        }
        return onToken(id, (token) => {
          const reading = token[what as 'balance' | 'routerAllowance' | 'permit2Allowance']
          return { ...token, [what]: known(reading.status === 'known' ? reading.amount + by : by) }
        })(of)
      })
      expect(found.length).toBeGreaterThan(0)
    }),
  )
})
