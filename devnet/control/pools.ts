import type { AssetId } from '@/lib/core/asset'
import { whaleAccount } from '../accounts'
import type { RunningChain } from '../calls'
import { priceOf } from '../market/arbitrage'
import { readPoolStates } from '../market/readPoolStates'
import { tradeTo } from '../market/tradeTo'
import { type SeededPool, seededPools } from '../pools'

/** No pool of the seeded market is what was asked for. */
export class NoSuchPoolError extends Error {
  override readonly name = 'NoSuchPoolError'
  constructor(readonly wanted: PoolQuery) {
    super(`The seeded market has no ${wanted.version} pool of ${wanted.assets.join(' and ')}: see devnet/pools.ts.`)
  }
}

/** Names a pool of the seeded market. The deepest one is meant where several fit. */
export type PoolQuery = {
  readonly version: SeededPool['version']
  readonly assets: readonly [AssetId, AssetId]
  readonly feePips?: number
}

/** A pool of the seeded market, its assets in either order. */
export function findPool(wanted: PoolQuery): SeededPool {
  const found = seededPools.find(
    ({ version, feePips, assets }) =>
      version === wanted.version &&
      (wanted.feePips === undefined || feePips === wanted.feePips) &&
      wanted.assets.every((assetId) => assets.includes(assetId)),
  )
  if (found === undefined) throw new NoSuchPoolError(wanted)
  return found
}

const wholeBps = 10_000n

/** Moves a pool's price of token 0 in token 1 by so many basis points (negative: down) by a real swap of the whale's. */
export async function movePool(chain: RunningChain, pool: SeededPool, priceBps: number): Promise<void> {
  const [state] = await readPoolStates(chain, [pool])
  if (state === undefined) return
  const { numerator, denominator } = priceOf(state)
  const target = { numerator: numerator * (wholeBps + BigInt(priceBps)), denominator: denominator * wholeBps }
  await tradeTo(chain, whaleAccount.address, [{ pool, state, target }])
}
