import type { AssetId } from '../asset'
import { composePlanFile, type PlanFile } from '../certificate/planFile'
import type { Address } from '../units'
import { assemblePlan } from './assemblePlan'
import { proveDraft } from './certifyPlan'
import type { RouterName } from './plan'
import type { PlanContext } from './planContext'
import type { PlanDraft } from './planDraft'
import type { PlanRequest } from './planRequest'
import { prepareContext, seekDrafts } from './seekDrafts'

/**
 * The plan that `planRebalance` makes of a request, as a file that can be checked from outside: the problem over all pools that are
 * kept, the solver's answer with the prices that prove its bound, and the exact legs of the plan. What the bundle itself and its
 * approvals cost is in no problem; the plan's own certificate takes it off.
 * @param routers addresses of the contracts that execute plans.
 * @returns nothing where there is no plan.
 * @throws {InvalidPlanRequestError} and the errors of `toTargets` when the request breaks its own limits.
 */
export function exportPlan(request: PlanRequest, routers: Readonly<Record<RouterName, Address>>): PlanFile | undefined {
  const prepared = prepareContext(request)
  if (prepared.status === 'blocked') return undefined
  const { context } = prepared
  const sought = seekDrafts(context, request.maxLegs ?? Number.POSITIVE_INFINITY)
  if (sought.status !== 'found') return undefined
  const { best, drafts } = sought
  const proof = proveDraft(context, best, drafts)
  const { chainId, block } = assemblePlan(context, best, proof)
  const { number, hash, timestamp } = block
  return composePlanFile({
    ...proof,
    made: {
      chainId,
      block: { number, hash, timestamp },
      router: routers[best.router],
      tokens: listTokens(context, best),
      legs: best.legs.flatMap(({ hops, minimumOut }) =>
        hops.map(({ pool, sell, buy, amountIn, amountOut }, position) => ({
          pool: pool.id,
          tokenIn: sell,
          tokenOut: buy,
          amountIn,
          amountOut,
          minimumOut: position === hops.length - 1 ? minimumOut : 0n,
        })),
      ),
    },
  })
}

/** Every asset that a leg trades, with what of it may be sold, by id. */
function listTokens({ assetOf }: PlanContext, { legs, sellables }: PlanDraft) {
  const sellableOf = new Map(sellables.map(({ wanted, sellable }) => [wanted.asset.assetId, sellable]))
  const ids = new Set<AssetId>(legs.flatMap(({ hops }) => hops.flatMap(({ sell, buy }) => [sell, buy])))
  return [...ids].sort().flatMap((id) => {
    const asset = assetOf.get(id)
    return asset === undefined ? [] : [{ id, decimals: asset.decimals, holding: sellableOf.get(id) ?? 0n }]
  })
}
