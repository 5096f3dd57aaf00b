import type { AssetId } from '../asset'
import { toBps } from '../units'
import { type LegDraft, replayDrafts } from './composeLegs'
import type { RebalancePlan } from './plan'
import { defaultOracleToleranceBps, type PlanRequest } from './planRequest'
import { priceLegs } from './priceLegs'
import { type PricedAsset, screenAssets } from './screenAssets'

/** The same legs at another block, or why they cannot be had there. */
export type Requote =
  | { readonly status: 'requoted'; readonly plan: RebalancePlan }
  | { readonly status: 'failed'; readonly reason: 'unpriced' | 'noRoute' | 'belowOracleFloor' }

/**
 * Quotes the legs of a plan again at a newer snapshot: the same pools, order and amounts, fresh quotes, minimums and deadline. What
 * the plan says of costs and weights stays as it was reviewed.
 * @param request as the plan was made, but for its snapshot
 */
export function requotePlan(plan: RebalancePlan, request: PlanRequest): Requote {
  const { snapshot, settings, deadlineSeconds, oracleToleranceBps } = request
  const screened = screenAssets(request)
  if (screened.status === 'blocked') return { status: 'failed', reason: 'unpriced' }
  const assetOf = new Map<AssetId, PricedAsset>(screened.priced.map((asset) => [asset.assetId, asset]))
  const isFresh = (assetId: AssetId) => assetOf.get(assetId)?.isFresh === true
  if (!plan.legs.every(({ sell, buy }) => isFresh(sell) && isFresh(buy)))
    return { status: 'failed', reason: 'unpriced' }
  const drafts = plan.legs.map(
    ({ sell, buy, paidFrom, hops, amountIn }): LegDraft => ({
      sell,
      buy,
      paidFrom,
      amountIn,
      poolIds: hops.map(({ pool }) => pool.address),
    }),
  )
  const replay = replayDrafts(drafts, snapshot.pools)
  if (replay.status === 'failed') return { status: 'failed', reason: 'noRoute' }
  const toleranceBps = oracleToleranceBps ?? toBps(defaultOracleToleranceBps)
  const [first, ...rest] = priceLegs(replay.legs, assetOf, settings, toleranceBps)
  if (first === undefined) return { status: 'failed', reason: 'noRoute' }
  const legs = [first, ...rest] as const
  if (legs.some(({ quotedOut, minimumOut }) => quotedOut < minimumOut)) {
    return { status: 'failed', reason: 'belowOracleFloor' }
  }
  const { block } = snapshot
  return { status: 'requoted', plan: { ...plan, block, legs, deadline: block.timestamp + deadlineSeconds } }
}
