import type { AssetId } from '../asset'
import { usdValue } from '../portfolio/portfolio'
import { mulDivUp, toUsd } from '../units'
import { certifyPlan, type Proof } from './certifyPlan'
import { gasToUsd } from './gasModel'
import type { Leg, PlanCost, ProjectedPosition, RebalancePlan } from './plan'
import type { PlanContext } from './planContext'
import type { PlanDraft } from './planDraft'
import { ratioBpsAway } from './priceLegs'
import { driftToBps, planDrifts } from './projectPositions'
import { verifyPlan } from './verifyPlan'

/**
 * Puts a plan together from a draft: costs, drifts, certificate, deadline. Positions keep the order of the snapshot's list.
 * @throws {UnverifiedPlanError} when it breaks a promise: a fault of the planner, never of the market.
 */
export function assemblePlan(context: PlanContext, draft: PlanDraft, proof: Proof): RebalancePlan {
  const { request, native, deadline, leftOut } = context
  const { snapshot, maxFeePerGas } = request
  const { router, legs, spendings, purchases, part, skipped, gasUnits, nativeReserve } = draft
  const listed = new Map<AssetId, number>(snapshot.assets.map(({ asset }, position) => [asset.id, position]))
  const place = ({ assetId }: ProjectedPosition) => listed.get(assetId) ?? 0
  const positions = [...draft.positions].sort((a, b) => place(a) - place(b))
  const gasUsd = gasToUsd(gasUnits, maxFeePerGas, native.price)
  const { before, after } = planDrifts(positions)
  const plan: RebalancePlan = {
    chainId: snapshot.chainId,
    account: snapshot.account,
    block: snapshot.block,
    router,
    legs,
    spendings,
    purchases,
    ...(part === undefined ? {} : { part }),
    positions,
    skipped,
    leftOut,
    cost: measureCost(legs, positions, gasUsd),
    gas: { units: gasUnits, maxFeePerGas, usd: gasUsd },
    certificate: certifyPlan(context, draft, proof),
    nativeReserve,
    driftBeforeBps: driftToBps(before),
    driftAfterBps: driftToBps(after),
    deadline,
    impactLevel: impactLevelOf(context, draft),
  }
  verifyPlan(plan, request)
  return plan
}

/** Fee, impact and gas, and their sum against the portfolio, rounded up. */
function measureCost(legs: readonly Leg[], positions: readonly ProjectedPosition[], gasUsd: bigint): PlanCost {
  const feeUsd = legs.reduce((sum, leg) => sum + leg.feeUsd, 0n)
  const impactUsd = legs.reduce((sum, leg) => sum + leg.impactUsd, 0n)
  const totalUsd = feeUsd + impactUsd + gasUsd
  const portfolioUsd = positions.reduce((sum, { nowUsd }) => sum + nowUsd, 0n)
  // {centiBps} = {usd} * 1e6 / {usd}
  const size = Number(mulDivUp(totalUsd < 0n ? -totalUsd : totalUsd, 1_000_000n, portfolioUsd))
  return {
    feeUsd: toUsd(feeUsd),
    impactUsd,
    gasUsd: toUsd(gasUsd),
    totalUsd,
    totalCentiBps: totalUsd < 0n ? -size : size,
  }
}

/** POLICY: quiet to 1 % of impact, a warning to 3 %, beyond that the loss is typed; the worst leg and the total count. */
function impactLevelOf(
  { assetOf }: PlanContext,
  { legs, spendings }: Pick<PlanDraft, 'legs' | 'spendings'>,
): RebalancePlan['impactLevel'] {
  const soldUsd = spendings.reduce((sum, { assetId, amount }) => {
    const asset = assetOf.get(assetId)
    return asset ? sum + usdValue(amount, asset.decimals, asset.price) : sum
  }, 0n)
  const impactUsd = legs.reduce((sum, leg) => sum + leg.impactUsd, 0n)
  const worst = legs.reduce((most, leg) => Math.max(most, leg.impactBps), ratioBpsAway(impactUsd, soldUsd))
  return worst <= 100 ? 'quiet' : worst <= 300 ? 'warn' : 'typeLoss'
}
