import * as v from 'valibot'
import type { KnownPool, PoolList } from '@/lib/core/poolList'
import type { Address, Hex } from '@/lib/core/units'
import { createStore, type Store } from './createStore'

const maxPools = 5_000
/** Of one pool: its window around the price holds no more words than 24 of 256 ticks. */
const maxTicksOfPool = 24 * 256

const address = v.custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value))
const id = v.custom<Hex>((value) => typeof value === 'string' && /^0x(?:[0-9a-fA-F]{40}|[0-9a-f]{64})$/.test(value))
const assetId = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const pips = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))
const tick = v.pipe(v.number(), v.integer(), v.minValue(-887_272), v.maxValue(887_272))

const key = { id, assetIds: v.tuple([assetId, assetId]), token0: address, token1: address, feePips: pips }

const knownPool: v.GenericSchema<unknown, KnownPool> = v.variant('kind', [
  v.object({ ...key, kind: v.literal('constantProduct') }),
  v.object({
    ...key,
    kind: v.picklist(['concentrated', 'singleton']),
    tickSpacing: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(32_767)),
    tick,
    ticks: v.pipe(v.array(tick), v.maxLength(maxTicksOfPool)),
  }),
])

const schema: v.GenericSchema<unknown, PoolList> = v.object({
  lookedAtMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  pools: v.pipe(v.array(knownPool), v.maxLength(maxPools)),
})

const stores = new Map<number, Store<PoolList>>()

/** The pools that were found on a chain. What is damaged or of another version reads as nothing: then they are looked for again. */
export function poolListStore(chainId: number): Store<PoolList> {
  const before = stores.get(chainId)
  if (before !== undefined) return before
  const made = createStore({ key: `pools.${chainId}`, version: 1, schema })
  stores.set(chainId, made)
  return made
}
