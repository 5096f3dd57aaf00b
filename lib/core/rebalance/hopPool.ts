import type { Pool } from '../snapshot'
import type { HopPool } from './plan'

/** What a hop says of its pool. */
export function toHopPool(pool: Pool): HopPool {
  const { id, feePips } = pool
  if (pool.kind === 'singleton') return { kind: pool.kind, id, feePips, tickSpacing: pool.tickSpacing }
  return { kind: pool.kind, id, feePips }
}
