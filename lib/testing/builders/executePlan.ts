import { swapExactIn } from '@/lib/core/amm/swapExactIn'
import { nativeAddress } from '@/lib/core/asset'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Pool, Snapshot } from '@/lib/core/snapshot'

/** The snapshot after a plan was executed exactly as quoted, gas left out. */
export function executePlan(before: Snapshot, plan: RebalancePlan): Snapshot {
  const pools = new Map<string, Pool>(before.pools.map((pool) => [pool.address, pool]))
  const change = new Map<string, bigint>()
  for (const leg of plan.legs) {
    const paid = leg.paidFrom === 'native' ? nativeAddress : leg.hops[0].tokenIn
    change.set(paid, (change.get(paid) ?? 0n) - leg.amountIn)
    for (const hop of leg.hops) {
      const pool = pools.get(hop.pool.address)
      const outcome = pool && swapExactIn({ pool, tokenIn: hop.tokenIn, amountIn: hop.amountIn })
      if (outcome?.status === 'swapped') pools.set(hop.pool.address, outcome.pool)
    }
    const last = leg.hops[leg.hops.length - 1] ?? leg.hops[0]
    const received = leg.buy === 'ETH' ? nativeAddress : last.tokenOut
    change.set(received, (change.get(received) ?? 0n) + leg.quotedOut)
  }
  const assets = before.assets.map((reading) => ({
    ...reading,
    tokens: reading.tokens.map((row) => {
      const amount = (row.balance.status === 'known' ? row.balance.amount : 0n) + (change.get(row.token.address) ?? 0n)
      return { ...row, balance: { status: 'known' as const, amount } }
    }),
  }))
  return { ...before, assets, pools: [...pools.values()] }
}
