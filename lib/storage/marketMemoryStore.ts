import * as v from 'valibot'
import type { MarketObservations, PairImpact, PoolGap, PriceSpan } from '@/lib/core/drought/observations'
import { memoryLimits } from '@/lib/core/drought/rememberMarket'
import type { Hex } from '@/lib/core/units'
import { toUsd } from '@/lib/core/units'
import { count } from './chainSchemas'
import { createStore, type Store } from './createStore'

const assetId = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const poolId = v.custom<Hex>((value) => typeof value === 'string' && /^0x(?:[0-9a-fA-F]{40}|[0-9a-f]{64})$/.test(value))
const usd = v.pipe(v.bigint(), v.minValue(0n), v.transform(toUsd))

const impact: v.GenericSchema<unknown, PairImpact> = v.object({
  sell: assetId,
  buy: assetId,
  soldUsd: usd,
  impactBps: v.pipe(v.number(), v.safeInteger()),
  at: count,
})

const gap: v.GenericSchema<unknown, PoolGap> = v.object({ poolId, gapBps: count, at: count })

const price: v.GenericSchema<unknown, PriceSpan> = v.pipe(
  v.object({ assetId, usd, from: count, until: count }),
  v.check(({ from, until }) => from <= until),
)

const schema: v.GenericSchema<unknown, MarketObservations> = v.object({
  impacts: v.pipe(v.array(impact), v.maxLength(memoryLimits.impacts)),
  gaps: v.pipe(v.array(gap), v.maxLength(memoryLimits.gaps)),
  prices: v.pipe(v.array(price), v.maxLength(memoryLimits.prices)),
})

const stores = new Map<number, Store<MarketObservations>>()

/** What this device saw of a chain's market. What is damaged or of another version reads as nothing: then it begins anew. */
export function marketMemoryStore(chainId: number): Store<MarketObservations> {
  const before = stores.get(chainId)
  if (before !== undefined) return before
  const made = createStore({ key: `market.${chainId}`, version: 1, schema })
  stores.set(chainId, made)
  return made
}
