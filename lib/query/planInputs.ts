import type { AssetId } from '@/lib/core/asset'
import type { PlanOutcome, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { BalanceReading, Pool, PoolId, PriceReading, Snapshot, TokenReading } from '@/lib/core/snapshot'

/** What made a plan old. */
export type PlanChange =
  | { readonly kind: 'pool'; readonly id: PoolId; readonly assetIds: readonly [AssetId, AssetId] }
  | { readonly kind: 'price'; readonly assetId: AssetId }
  | { readonly kind: 'balance'; readonly assetId: AssetId }
  | { readonly kind: 'allowance'; readonly assetId: AssetId }
  | { readonly kind: 'age' }

/** The total minimum of one bought asset in two plans. Missing on a side where the asset is not bought. */
export type MinimumMove = {
  readonly assetId: AssetId
  readonly before: bigint | undefined
  readonly after: bigint | undefined
}

function isSameBalance(a: BalanceReading, b: BalanceReading): boolean {
  if (a.status === 'known' && b.status === 'known') return a.amount === b.amount
  return a.status === b.status
}

/** Whether both routers may spend as much of a token as before. */
function isSameAllowance(a: TokenReading, b: TokenReading): boolean {
  const [grant, now] = [a.universalRouterGrant, b.universalRouterGrant]
  const isSameGrant =
    grant.status === 'known' && now.status === 'known'
      ? grant.amount === now.amount && grant.expiration === now.expiration
      : grant.status === now.status
  return (
    isSameGrant &&
    isSameBalance(a.routerAllowance, b.routerAllowance) &&
    isSameBalance(a.permit2Allowance, b.permit2Allowance)
  )
}

function isSamePrice(a: PriceReading, b: PriceReading): boolean {
  if (a.status !== b.status) return false
  if (a.status === 'fresh' || a.status === 'stale') return 'usd' in b && a.usd === b.usd
  return true
}

function isSamePool(a: Pool, b: Pool): boolean {
  if (a.kind === 'constantProduct') {
    return b.kind === 'constantProduct' && a.reserve0 === b.reserve0 && a.reserve1 === b.reserve1
  }
  return (
    b.kind === a.kind &&
    a.sqrtPriceX96 === b.sqrtPriceX96 &&
    a.tick === b.tick &&
    a.liquidity === b.liquidity &&
    a.ticks.length === b.ticks.length &&
    a.ticks.every((tick, index) => {
      const other = b.ticks[index]
      return other !== undefined && tick.index === other.index && tick.liquidityNet === other.liquidityNet
    })
  )
}

function findPoolChanges(before: Snapshot, after: Snapshot, isRelevant: (id: PoolId) => boolean): PlanChange[] {
  const afterById = new Map(after.pools.map((pool) => [pool.id, pool]))
  const moved = before.pools.filter((pool) => {
    const now = afterById.get(pool.id)
    return isRelevant(pool.id) && (now === undefined || !isSamePool(pool, now))
  })
  return moved.map(({ id, assetIds }) => ({ kind: 'pool', id, assetIds }))
}

function findAssetChanges(before: Snapshot, after: Snapshot, isRelevant: (id: AssetId) => boolean): PlanChange[] {
  const afterById = new Map(after.assets.map((reading) => [reading.asset.id, reading]))
  return before.assets.flatMap(({ asset, tokens, price }): PlanChange[] => {
    const assetId = asset.id
    if (!isRelevant(assetId)) return []
    const now = afterById.get(assetId)
    if (now === undefined) return [{ kind: 'balance', assetId }]
    const pairs = tokens.map((token, index) => ({ token, now: now.tokens[index] }))
    const isBalanceMoved = pairs.some((pair) => !pair.now || !isSameBalance(pair.token.balance, pair.now.balance))
    const isAllowanceMoved = pairs.some((pair) => !pair.now || !isSameAllowance(pair.token, pair.now))
    return [
      ...(isSamePrice(price, now.price) ? [] : [{ kind: 'price', assetId } as const]),
      ...(isBalanceMoved ? [{ kind: 'balance', assetId } as const] : []),
      ...(isAllowanceMoved ? [{ kind: 'allowance', assetId } as const] : []),
    ]
  })
}

/** A plan is made again once half of the time to its deadline is over. */
function isAged(plan: RebalancePlan, after: Snapshot): boolean {
  const lifetimeSeconds = plan.deadline - plan.block.timestamp
  return (after.block.timestamp - plan.block.timestamp) * 2 >= lifetimeSeconds
}

/**
 * Finds what changed between two snapshots among all that a plan was made of: its pools, the balances, allowances and
 * feeds of its assets. Where there is no plan, everything that was read counts, since anything may open the way to one.
 */
export function findPlanChanges(
  outcome: PlanOutcome,
  { before, after }: { readonly before: Snapshot; readonly after: Snapshot },
): readonly PlanChange[] {
  if (before.block.hash === after.block.hash) return []
  if (outcome.status !== 'planned') {
    const always = () => true
    return [...findAssetChanges(before, after, always), ...findPoolChanges(before, after, always)]
  }
  const { plan } = outcome
  const pools = new Set(plan.legs.flatMap(({ hops }) => hops.map(({ pool }) => pool.id)))
  const assets = new Set(plan.positions.map(({ assetId }) => assetId))
  return [
    ...findAssetChanges(before, after, (id) => assets.has(id)),
    ...findPoolChanges(before, after, (id) => pools.has(id)),
    ...(isAged(plan, after) ? [{ kind: 'age' } as const] : []),
  ]
}

/** The total minimum of each bought asset, in the order in which the plan buys them. */
export function sumMinimums(plan: RebalancePlan): ReadonlyMap<AssetId, bigint> {
  return new Map(plan.purchases.map(({ assetId, minimumOut }) => [assetId, minimumOut]))
}

/** Lists the bought assets whose total minimum differs between two plans. */
export function findMinimumMoves(before: RebalancePlan, after: RebalancePlan): readonly MinimumMove[] {
  const old = sumMinimums(before)
  const now = sumMinimums(after)
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((assetId) => ({ assetId, before: old.get(assetId), after: now.get(assetId) }))
    .filter((move) => move.before !== move.after)
}

/** Whether a minimum moved by more than 0.1 %, or an asset joined or left what is bought: then it is reviewed again. */
export function isNewReviewNeeded(moves: readonly MinimumMove[]): boolean {
  return moves.some(({ before, after }) => {
    if (before === undefined || after === undefined) return true
    const difference = after > before ? after - before : before - after
    return difference * 1000n > before
  })
}
