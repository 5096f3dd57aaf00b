import type { AssetId } from './asset'
import type { Pool, PoolId, Snapshot } from './snapshot'
import type { Address } from './units'

/** What a pool is made from: its address, or in v4 its id, follows from it. */
export type PoolKey = {
  readonly id: PoolId
  /** Those of `token0` and `token1`. */
  readonly assetIds: readonly [AssetId, AssetId]
  readonly token0: Address
  readonly token1: Address
  readonly feePips: number
}

/** Where a pool of ranges was seen last: its price, and the initialised ticks around it. */
export type RangeTrace = { readonly tickSpacing: number; readonly tick: number; readonly ticks: readonly number[] }

/**
 * A pool that was found once, with what makes the next look at it quick. Only a hint: whatever is planned on is read again.
 */
export type KnownPool =
  | (PoolKey & { readonly kind: 'constantProduct' })
  | (PoolKey & RangeTrace & { readonly kind: 'concentrated' | 'singleton' })

/** The pools that were found on a chain, and when they were looked for everywhere (milliseconds since 1970). */
export type PoolList = { readonly lookedAtMs: number; readonly pools: readonly KnownPool[] }

/** How long a list stands before new pools are looked for. */
export const poolListLifeMs = 24 * 60 * 60 * 1_000

/** Whether a list is young enough to be read by. One from the future is not: the clock was changed. */
export function isPoolListFresh({ lookedAtMs }: PoolList, nowMs: number): boolean {
  return lookedAtMs <= nowMs && nowMs - lookedAtMs < poolListLifeMs
}

/** Composes what stays of a pool. */
export function composeKnownPool(pool: Pool): KnownPool {
  const { id, assetIds, token0, token1, feePips } = pool
  const key = { id, assetIds, token0, token1, feePips }
  if (pool.kind === 'constantProduct') return { ...key, kind: pool.kind }
  const { kind, tickSpacing, tick } = pool
  return { ...key, kind, tickSpacing, tick, ticks: pool.ticks.map(({ index }) => index) }
}

/**
 * Composes a list anew from what a later snapshot of its pools says. A pool that holds nothing just now is not in a snapshot and
 * stays in the list.
 */
export function refreshKnownPools(pools: readonly KnownPool[], snapshot: Snapshot): readonly KnownPool[] {
  const seen = new Map(snapshot.pools.map((pool) => [pool.id, pool]))
  return pools.map((known) => {
    const pool = seen.get(known.id)
    return pool === undefined ? known : composeKnownPool(pool)
  })
}
