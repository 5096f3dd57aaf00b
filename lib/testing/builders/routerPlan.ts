import { swapExactIn } from '@/lib/core/amm/swapExactIn'
import { type AssetId, nativeAddress } from '@/lib/core/asset'
import { toHopPool } from '@/lib/core/rebalance/hopPool'
import type { Leg, Purchase, RebalancePlan, Spending } from '@/lib/core/rebalance/plan'
import type { Pool, Snapshot } from '@/lib/core/snapshot'
import { type Address, mulDivUp, toUsd } from '@/lib/core/units'

/** A leg of the Universal Router as a test draws it. What it buys goes to the account where it alone buys it, else to the router. */
export type RouterLegDraft = {
  readonly sell: AssetId
  readonly pool: Pool
  /** `rest`: all that earlier legs bought and later ones have not spent. */
  readonly amountIn: bigint | 'rest'
  readonly paidFrom: Leg['paidFrom']
}

/** What is sold, by token; of the native coin it is the call's value. */
export type SoldDraft = { readonly token: Address; readonly amount: bigint }

const zeroUsd = toUsd(0n)

/**
 * A plan of hand-made legs for the Universal Router, replayed in order on the snapshot's pools. Bought is what legs buy and none
 * spends. Costs, positions and floors are left empty.
 */
export function buildRouterPlan(
  snapshot: Snapshot,
  { sold, drafts }: { readonly sold: readonly SoldDraft[]; readonly drafts: readonly RouterLegDraft[] },
  {
    slippageBps = 50,
    deadlineSeconds = 600,
  }: { readonly slippageBps?: number; readonly deadlineSeconds?: number } = {},
): RebalancePlan {
  const state = new Map<string, Pool>(snapshot.pools.map((pool) => [pool.id, pool]))
  const held = new Map<AssetId, bigint>()
  const add = (assetId: AssetId, amount: bigint) => held.set(assetId, (held.get(assetId) ?? 0n) + amount)
  const spendings = sold.map(({ token, amount }): Spending => {
    const reading = snapshot.assets.find(({ tokens }) => tokens.some((each) => each.token.address === token))
    if (reading === undefined) throw new Error(`The token ${token} is not in the snapshot.`)
    add(reading.asset.id, amount)
    return { assetId: reading.asset.id, token, amount }
  })
  const replayed = drafts.map(({ sell, pool: given, amountIn: asked, paidFrom }): Leg => {
    const pool = state.get(given.id) ?? given
    const isZeroForOne = pool.assetIds[0] === sell
    const [tokenIn, tokenOut] = isZeroForOne ? [pool.token0, pool.token1] : [pool.token1, pool.token0]
    const buy = isZeroForOne ? pool.assetIds[1] : pool.assetIds[0]
    const amountIn = asked === 'rest' ? (held.get(sell) ?? 0n) : asked
    const outcome = swapExactIn({ pool, tokenIn, amountIn })
    if (outcome.status !== 'swapped') throw new Error(`The pool ${pool.id} cannot take ${amountIn}.`)
    const { amountOut } = outcome
    state.set(pool.id, outcome.pool)
    add(sell, -amountIn)
    add(buy, amountOut)
    const hop = { pool: toHopPool(pool), sell, buy, tokenIn, tokenOut, amountIn, amountOut }
    const costs = { soldUsd: zeroUsd, feeUsd: zeroUsd, impactUsd: 0n, impactBps: 0, gas: 0n }
    const minimums = { minimumOut: 0n, oracleFloor: 0n }
    return { sell, buy, paidFrom, paidTo: 'router', hops: [hop], amountIn, quotedOut: amountOut, ...minimums, ...costs }
  })
  const purchases = [...held].flatMap(([assetId, quotedOut]): Purchase[] => {
    const asset = snapshot.assets.find((reading) => reading.asset.id === assetId)?.asset
    if (asset === undefined || quotedOut === 0n) return []
    const isEther = asset.tokens.some(({ address }) => address === nativeAddress)
    const minimumOut = mulDivUp(quotedOut, BigInt(10_000 - slippageBps), 10_000n)
    const token = isEther ? nativeAddress : asset.poolToken.address
    return [{ assetId, token, quotedOut, minimumOut, oracleFloor: 0n }]
  })
  const legs = replayed.map((leg): Leg => {
    const purchase = purchases.find(({ assetId }) => assetId === leg.buy)
    const isAlone = purchase?.quotedOut === leg.quotedOut && purchase.token === leg.hops[0].tokenOut
    return isAlone ? { ...leg, paidTo: 'account', minimumOut: purchase.minimumOut } : leg
  })
  const [leg, spending, purchase] = [legs[0], spendings[0], purchases[0]]
  if (leg === undefined || spending === undefined || purchase === undefined) throw new Error('A plan sells and buys.')
  return {
    chainId: snapshot.chainId,
    account: snapshot.account,
    block: snapshot.block,
    router: 'universalRouter',
    legs: [leg, ...legs.slice(1)],
    spendings: [spending, ...spendings.slice(1)],
    purchases: [purchase, ...purchases.slice(1)],
    leftOut: [],
    positions: [],
    skipped: [],
    cost: { feeUsd: zeroUsd, impactUsd: 0n, gasUsd: zeroUsd, totalUsd: 0n, totalCentiBps: 0 },
    gas: { units: 0n, maxFeePerGas: 0n, usd: zeroUsd },
    certificate: { valueUsd: 0, boundUsd: 0, gapBps: 0, shadowPrices: [], poolUse: [] },
    nativeReserve: 10n ** 16n,
    driftBeforeBps: 0,
    driftAfterBps: 0,
    deadline: snapshot.block.timestamp + deadlineSeconds,
    impactLevel: 'quiet',
  }
}
