import type { AssetId } from '../asset'
import type { Pool } from '../snapshot'
import { type LegDraft, replayDrafts } from './composeLegs'
import type { Leg, Purchase, RebalancePlan } from './plan'
import { defaultOracleToleranceBps, type PlanRequest } from './planRequest'
import { priceFlow } from './priceFlow'
import { priceLegs } from './priceLegs'
import { replayPlannedFlow } from './replayPlannedFlow'
import { type PricedAsset, screenAssets } from './screenAssets'
import { sumPurchases } from './sumLegs'

/** The same legs at another block, or why they cannot be had there. */
export type Requote =
  | { readonly status: 'requoted'; readonly plan: RebalancePlan }
  | { readonly status: 'failed'; readonly reason: 'unpriced' | 'noRoute' | 'belowOracleFloor' }

/**
 * Quotes the legs of a plan again at a newer snapshot: the same pools, order and amounts, fresh quotes, minimums and deadline. On the
 * Universal Router a leg that takes what is left of a token takes what is left of it then. What the plan says of costs and weights stays
 * as it was reviewed.
 * @param request as the plan was made, but for its snapshot
 */
export function requotePlan(plan: RebalancePlan, request: PlanRequest): Requote {
  const { block } = request.snapshot
  const screened = screenAssets(request)
  if (screened.status === 'blocked') return { status: 'failed', reason: 'unpriced' }
  const assetOf = new Map<AssetId, PricedAsset>(screened.priced.map((asset) => [asset.assetId, asset]))
  const isFresh = (assetId: AssetId) => assetOf.get(assetId)?.isFresh === true
  if (!plan.legs.every(({ sell, buy }) => isFresh(sell) && isFresh(buy)))
    return { status: 'failed', reason: 'unpriced' }
  const quoted = quoteLegs(plan, request, assetOf)
  const [first, ...rest] = quoted?.legs ?? []
  const [firstPurchase, ...purchases] = quoted?.purchases ?? []
  if (!first || !firstPurchase) return { status: 'failed', reason: 'noRoute' }
  const isPoor = [first, ...rest, firstPurchase, ...purchases].some(
    ({ quotedOut, minimumOut }) => quotedOut < minimumOut,
  )
  if (isPoor) return { status: 'failed', reason: 'belowOracleFloor' }
  const fresh = { legs: [first, ...rest], purchases: [firstPurchase, ...purchases] } as const
  return {
    status: 'requoted',
    plan: { ...plan, ...fresh, block, deadline: block.timestamp + request.deadlineSeconds },
  }
}

type Quoted = { readonly legs: readonly Leg[]; readonly purchases: readonly Purchase[] }

function quoteLegs(
  plan: RebalancePlan,
  { snapshot, settings, oracleToleranceBps, wrappedNative }: PlanRequest,
  assetOf: ReadonlyMap<AssetId, PricedAsset>,
): Quoted | undefined {
  const toleranceBps = oracleToleranceBps ?? defaultOracleToleranceBps
  switch (plan.router) {
    case 'swapRouter02': {
      const drafts = plan.legs.map(
        ({ hops, ...leg }): LegDraft => ({ ...leg, poolIds: hops.map(({ pool }) => pool.id) }),
      )
      const replay = replayDrafts(drafts, snapshot.pools)
      if (replay.status === 'failed') return undefined
      const legs = priceLegs(replay.legs, assetOf, settings, toleranceBps)
      return { legs, purchases: sumPurchases(legs) }
    }
    case 'universalRouter': {
      const legs = replayPlannedFlow(plan, snapshot.pools, wrappedNative)
      if (legs === undefined) return undefined
      const pools = new Map<string, Pool>(snapshot.pools.map((pool) => [pool.id, pool]))
      return priceFlow({ legs, spendings: plan.spendings, pools, assetOf, settings, toleranceBps })
    }
  }
}
