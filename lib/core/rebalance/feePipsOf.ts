import { singletonFeePips } from '../amm/singletonSwap'
import type { Pool } from '../snapshot'
import type { Hop } from './plan'

/** What a hop's pool takes of what is sold there, in hundredths of a basis point, the protocol's fee of v4 included. */
export function feePipsOf({ pool, tokenIn }: Pick<Hop, 'pool' | 'tokenIn'>, pools: ReadonlyMap<string, Pool>): number {
  const read = pool.kind === 'singleton' ? pools.get(pool.id) : undefined
  return read?.kind === 'singleton' ? singletonFeePips(read, read.token0 === tokenIn) : pool.feePips
}
