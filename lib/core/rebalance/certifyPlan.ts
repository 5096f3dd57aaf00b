import type { RoutingProblem } from '../routing/problem'
import type { RoutingSolution } from '../routing/solution'
import type { TokenReading } from '../snapshot'
import { toDollars, toWhole } from './composePools'
import { composeProblem } from './composeRouting'
import { approvalGas, baseGas, gasToUsd, hopGas } from './gasModel'
import type { Certificate, PoolUse } from './plan'
import { type PlanContext, widestRouter } from './planContext'
import { isSameSale, type PlanDraft } from './planDraft'
import type { PricedAsset } from './screenAssets'
import { solveOnce } from './solveFlow'
import { Tally } from './tally'

/** The problem that a plan is held against, over all pools that are kept and any number of legs, and its solution. */
export type Proof = { readonly problem: RoutingProblem; readonly solution: RoutingSolution }

/** Solves what a draft is held against, unless one of the drafts has done so already. */
export function proveDraft(context: PlanContext, draft: PlanDraft, known: readonly PlanDraft[]): Proof {
  const router = widestRouter(context)
  const twin = [draft, ...known].find(
    (other) =>
      other.router === router &&
      other.problem.maxPoolCalls === undefined &&
      isSameSale(other.sellables, draft.sellables),
  )
  if (twin !== undefined) return { problem: twin.problem, solution: twin.solution }
  const { hubs, pools } = context
  const problem = composeProblem({ sellables: draft.sellables, hubs, pools: pools[router] })
  return { problem, solution: solveOnce(problem, 'full') }
}

/**
 * The plan's worth after all costs beside the most that the kept pools allow, through either router and with any number of legs. The
 * solver's bound covers what is traded; what stays is added to both sides. The gas that every plan needs (the bundle itself, and on the
 * cheaper router an approval for each token that any plan must sell) is taken off the bound too.
 */
export function certifyPlan(context: PlanContext, draft: PlanDraft, { problem, solution }: Proof): Certificate {
  const { request, native } = context
  const { positions, sellables } = draft
  const { rung, maxFeePerGas } = request
  const usdOf = (units: bigint) => toDollars(gasToUsd(units, maxFeePerGas, native.price))
  // Summed by asset id, so that no order of the snapshot shows in the last digits.
  const valueUsd = positions.reduce((sum, { projectedUsd }) => sum + toDollars(projectedUsd), 0) - usdOf(draft.gasUnits)
  const nowUsd = positions.reduce((sum, position) => sum + toDollars(position.nowUsd), 0)
  const priceOf = new Tally(problem.tokens.map(({ id, price }) => [id, price]))
  if (solution.status !== 'solved') {
    // No plan reaches the targets: the bound is what the portfolio is worth before any cost.
    const poolUse = listPoolUse(context, draft, priceOf)
    return { valueUsd, boundUsd: nowUsd, gapBps: gapBps(valueUsd, nowUsd), shadowPrices: [], poolUse }
  }
  const untouchedUsd = nowUsd - solution.valueBefore
  const wantedUsd = sellables.reduce((sum, { wanted, keptUsd }) => sum + toDollars(wanted.wantedUsd - keptUsd), 0)
  const mustSell = sellables.filter(({ wanted: { asset, wantedUsd: wanted }, keptUsd }) => {
    const share = toDollars(wanted - keptUsd) / wantedUsd
    return asset !== native && !hasAllowance(asset) && toDollars(asset.valueUsd) > share * solution.bound
  })
  const neededUsd = usdOf(baseGas(rung) + BigInt(mustSell.length) * approvalGas(rung))
  const boundUsd = solution.bound + untouchedUsd - neededUsd
  const shadowPrices = Object.entries(solution.shadowPrices)
    .map(([assetId, usd]) => ({ assetId, usd }))
    .sort((a, b) => (a.assetId < b.assetId ? -1 : 1))
  const poolUse = listPoolUse(context, draft, new Tally(Object.entries(solution.shadowPrices)))
  return { valueUsd, boundUsd, gapBps: gapBps(valueUsd, boundUsd), shadowPrices, poolUse }
}

/** What each called pool is worth at the shadow prices, the largest first. */
function listPoolUse(
  { assetOf, poolOf, request, native }: PlanContext,
  { legs }: PlanDraft,
  shadowOf: Tally<string>,
): readonly PoolUse[] {
  const uses = new Map<string, PoolUse>()
  for (const { pool, sell, buy, tokenIn, tokenOut, amountIn, amountOut } of legs.flatMap(({ hops }) => hops)) {
    const [sold, bought] = [assetOf.get(sell), assetOf.get(buy)]
    if (!sold || !bought) continue
    const paid = toWhole(amountIn, sold.decimals)
    const received = toWhole(amountOut, bought.decimals)
    const before = uses.get(pool.id)
    uses.set(pool.id, {
      pool,
      assetIds: poolOf.get(pool.id)?.assetIds ?? [sell, buy],
      soldUsd: (before?.soldUsd ?? 0) + paid * toDollars(sold.price),
      surplusUsd: (before?.surplusUsd ?? 0) + received * shadowOf.of(buy) - paid * shadowOf.of(sell),
      gasUsd:
        (before?.gasUsd ?? 0) +
        toDollars(
          gasToUsd(hopGas({ kind: pool.kind, tokenIn, tokenOut, ticksCrossed: 0 }), request.maxFeePerGas, native.price),
        ),
    })
  }
  return [...uses.values()].sort((a, b) => b.soldUsd - a.soldUsd || (a.pool.id < b.pool.id ? -1 : 1))
}

/** Whether some router might need no approval of an asset. */
const hasAllowance = ({ reading }: PricedAsset) => reading.tokens.some(mayBeAllowed)

function mayBeAllowed({ routerAllowance, permit2Allowance, universalRouterGrant }: TokenReading): boolean {
  return [routerAllowance, permit2Allowance, universalRouterGrant].some(
    (reading) => reading.status !== 'known' || reading.amount > 0n,
  )
}

/** A plan that ends a hair off its targets may be worth a hair more than the bound for exact targets: no gap. */
const gapBps = (valueUsd: number, boundUsd: number) => Math.max(0, (1e4 * (boundUsd - valueUsd)) / boundUsd)
