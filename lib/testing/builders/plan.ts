import { swapExactIn } from '@/lib/core/amm/swapExactIn'
import { nativeAddress } from '@/lib/core/asset'
import { toHopPool } from '@/lib/core/rebalance/hopPool'
import type { Hop, Leg, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import { requotePlan } from '@/lib/core/rebalance/requotePlan'
import { sumPurchases, sumSpendings } from '@/lib/core/rebalance/sumLegs'
import type { Pool, Snapshot } from '@/lib/core/snapshot'
import { mulDivUp, toBps, toUsd } from '@/lib/core/units'
import { etherAsset } from './assets'

/** A leg as a test draws it: its pools in order, everything else follows. */
export type LegDraft = {
  readonly sell: string
  readonly paidFrom: 'native' | 'token'
  readonly amountIn: bigint
  readonly pools: readonly Pool[]
}

const zeroUsd = toUsd(0n)

type PlanTraits = { readonly slippageBps?: number; readonly deadlineSeconds?: number }

/** What hand-made plans are quoted again with: 0.5 % slippage and ten minutes unless given. */
export function buildRequoteRequest(snapshot: Snapshot, traits: PlanTraits = {}): PlanRequest {
  const { slippageBps = 50, deadlineSeconds = 600 } = traits
  const ether = snapshot.assets.find(({ asset }) => asset.tokens.some(({ address }) => address === nativeAddress))
  if (ether === undefined) throw new Error('The snapshot has no native coin.')
  return {
    snapshot,
    targets: { weights: [{ assetId: ether.asset.id, weightBps: toBps(10_000) }] },
    settings: {
      bandBps: toBps(0),
      slippageBps: toBps(slippageBps),
      stableSlippageBps: toBps(slippageBps),
      nativeReserve: 10n ** 16n,
    },
    maxFeePerGas: 10n ** 9n,
    nativeReserveFloor: 10n ** 16n,
    wrappedNative: ether.asset.poolToken.address,
    hubAssetIds: [],
    rung: 'atomicBatch',
    deadlineSeconds,
  }
}

/**
 * A plan of hand-made legs, replayed in order on the snapshot's pools, with minimums as the planner sets them. Costs and positions
 * are left empty.
 */
export function buildPlan(snapshot: Snapshot, drafts: readonly LegDraft[], traits: PlanTraits = {}): RebalancePlan {
  const { slippageBps = 50, deadlineSeconds = 600 } = traits
  const state = new Map<string, Pool>(snapshot.pools.map((pool) => [pool.id, pool]))
  const [first, ...others] = drafts.map((draft) => buildLeg(draft, state, BigInt(slippageBps)))
  if (first === undefined) throw new Error('A plan needs a leg.')
  const legs = [first, ...others] as const
  const plan: RebalancePlan = {
    chainId: snapshot.chainId,
    account: snapshot.account,
    block: snapshot.block,
    router: 'swapRouter02',
    legs,
    spendings: sumSpendings(legs),
    purchases: sumPurchases(legs),
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
  const floored = requotePlan(plan, buildRequoteRequest(snapshot, traits))
  return floored.status === 'requoted' ? floored.plan : plan
}

function buildLeg({ sell, paidFrom, amountIn, pools }: LegDraft, state: Map<string, Pool>, slippageBps: bigint): Leg {
  let amount = amountIn
  let assetId = sell
  const hops = pools.map((given): Hop => {
    const pool = state.get(given.id) ?? given
    const isZeroForOne = pool.assetIds[0] === assetId
    const [tokenIn, tokenOut] = isZeroForOne ? [pool.token0, pool.token1] : [pool.token1, pool.token0]
    const outcome = swapExactIn({ pool, tokenIn, amountIn: amount })
    if (outcome.status !== 'swapped') throw new Error(`The pool ${pool.id} cannot take ${amount}.`)
    state.set(pool.id, outcome.pool)
    const hop = { sell: assetId, buy: isZeroForOne ? pool.assetIds[1] : pool.assetIds[0], tokenIn, tokenOut }
    const amounts = { amountIn: amount, amountOut: outcome.amountOut }
    assetId = hop.buy
    amount = outcome.amountOut
    return { pool: toHopPool(pool), ...hop, ...amounts }
  })
  const [first, ...others] = hops
  if (first === undefined) throw new Error('A leg needs a pool.')
  return {
    sell,
    buy: assetId,
    paidFrom,
    paidTo: assetId === etherAsset.id ? 'router' : 'account',
    hops: [first, ...others],
    amountIn,
    quotedOut: amount,
    minimumOut: mulDivUp(amount, 10_000n - slippageBps, 10_000n),
    oracleFloor: 0n,
    soldUsd: zeroUsd,
    feeUsd: zeroUsd,
    impactUsd: 0n,
    impactBps: 0,
    gas: 0n,
  }
}
