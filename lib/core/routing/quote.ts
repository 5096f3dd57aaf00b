import type { ConcentratedPool, RoutingPool } from './problem'

/**
 * What a pool pays for an exact amount in.
 * @param sells 0 to pay in the pool's first token, 1 for its second.
 * @param amountIn whole tokens, the fee included; not negative.
 * @returns whole tokens of the other one, or undefined where the pool has not enough liquidity to take the amount.
 */
export function quotePool(pool: RoutingPool, sells: 0 | 1, amountIn: number): number | undefined {
  const kept = amountIn * (1 - pool.fee)
  if (pool.kind === 'concentrated') return sells === 0 ? quoteDown(pool, kept) : quoteUp(pool, kept)
  const reserveIn = pool.reserves[sells]
  const reserveOut = pool.reserves[sells === 0 ? 1 : 0]
  // {out} = {out} x ({in} / ({in} + {in}))
  return reserveOut * (kept / (reserveIn + kept))
}

/** What is left unpaid may be rounding: this much of the whole amount. */
const dust = 1e-12

function quoteDown({ ranges, sqrtPrice }: ConcentratedPool, kept: number): number | undefined {
  let left = kept
  let out = 0
  for (let at = ranges.length - 1; at >= 0 && left > 0; at--) {
    const range = ranges[at]
    if (range === undefined || range.liquidity === 0 || range.lower >= sqrtPrice) continue
    const { liquidity, lower } = range
    const start = Math.min(sqrtPrice, range.upper)
    // 1 / end = 1 / start + in / L
    const end = start / (1 + (left / liquidity) * start)
    if (end >= lower) return out + left * start * end
    const taken = (liquidity * (start - lower)) / (start * lower)
    left -= taken
    out += liquidity * (start - lower)
  }
  return left <= dust * kept ? out : undefined
}

function quoteUp({ ranges, sqrtPrice }: ConcentratedPool, kept: number): number | undefined {
  let left = kept
  let out = 0
  for (const { liquidity, lower, upper } of ranges) {
    if (left <= 0) break
    if (liquidity === 0 || upper <= sqrtPrice) continue
    const start = Math.max(sqrtPrice, lower)
    // end = start + in / L
    const end = start + left / liquidity
    if (end <= upper) return out + left / start / end
    left -= liquidity * (upper - start)
    out += (liquidity * (upper - start)) / (start * upper)
  }
  return left <= dust * kept ? out : undefined
}

/**
 * The greatest amount in that a pool takes: what its liquidity ends at, or infinity.
 * @param sells 0 to pay in the pool's first token, 1 for its second.
 * @returns whole tokens, the fee included.
 */
export function measureCapacity(pool: RoutingPool, sells: 0 | 1): number {
  if (pool.kind === 'constantProduct') return Number.POSITIVE_INFINITY
  const { ranges, sqrtPrice, fee } = pool
  let taken = 0
  for (const { liquidity, lower, upper } of ranges) {
    if (sells === 0 && lower < sqrtPrice) {
      const start = Math.min(sqrtPrice, upper)
      // {in} = L (1 / end - 1 / start)
      if (liquidity > 0) taken += (liquidity * (start - lower)) / (start * lower)
    } else if (sells === 1 && upper > sqrtPrice) {
      taken += liquidity * (upper - Math.max(sqrtPrice, lower))
    }
  }
  return taken / (1 - fee)
}
