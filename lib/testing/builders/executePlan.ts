import { swapExactIn } from '@/lib/core/amm/swapExactIn'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Pool, Snapshot } from '@/lib/core/snapshot'

/** The snapshot after a plan was executed exactly as quoted, gas left out. */
export function executePlan(before: Snapshot, plan: RebalancePlan): Snapshot {
  const pools = new Map<string, Pool>(before.pools.map((pool) => [pool.id, pool]))
  const change = new Map<string, bigint>()
  for (const leg of plan.legs) {
    for (const hop of leg.hops) {
      const pool = pools.get(hop.pool.id)
      const outcome = pool && swapExactIn({ pool, tokenIn: hop.tokenIn, amountIn: hop.amountIn })
      if (outcome?.status === 'swapped') pools.set(hop.pool.id, outcome.pool)
    }
  }
  for (const { token, amount } of plan.spendings) change.set(token, (change.get(token) ?? 0n) - amount)
  for (const { token, quotedOut } of plan.purchases) change.set(token, (change.get(token) ?? 0n) + quotedOut)
  const assets = before.assets.map((reading) => ({
    ...reading,
    tokens: reading.tokens.map((row) => {
      const amount = (row.balance.status === 'known' ? row.balance.amount : 0n) + (change.get(row.token.address) ?? 0n)
      return { ...row, balance: { status: 'known' as const, amount } }
    }),
  }))
  return { ...before, assets, pools: [...pools.values()] }
}
