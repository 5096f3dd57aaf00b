import type { AssetId } from '../asset'
import type { RoutingSolution } from '../routing/solution'
import { mulDivUp, toUsd } from '../units'
import { type Sellable, toDollars } from './composeRouting'
import { approvalGas, baseGas, gasToUsd } from './gasModel'
import type { Certificate, Leg, PlanCost, ProjectedPosition, RebalancePlan, Skipped } from './plan'
import type { PlanRequest } from './planRequest'
import { ratioBpsAway } from './priceLegs'
import { driftToBps, planDrifts } from './projectPositions'
import type { PricedAsset } from './screenAssets'

type Parts = {
  readonly request: PlanRequest
  /** All assets with a price, by id. */
  readonly assets: readonly PricedAsset[]
  readonly positions: readonly ProjectedPosition[]
  readonly legs: readonly [Leg, ...Leg[]]
  readonly skipped: readonly Skipped[]
  readonly solution: RoutingSolution
  readonly sellables: readonly Sellable[]
  readonly gasUnits: bigint
  readonly native: PricedAsset
  readonly nativeReserve: bigint
}

/** Puts a plan together from priced legs: costs, drifts, certificate, deadline. Positions keep the order of the snapshot's list. */
export function assemblePlan(parts: Parts): RebalancePlan {
  const { request, legs, native } = parts
  const { snapshot, maxFeePerGas, deadlineSeconds } = request
  const listed = new Map<AssetId, number>(snapshot.assets.map(({ asset }, position) => [asset.id, position]))
  const place = ({ assetId }: ProjectedPosition) => listed.get(assetId) ?? 0
  const positions = [...parts.positions].sort((a, b) => place(a) - place(b))
  const gasUsd = gasToUsd(parts.gasUnits, maxFeePerGas, native.price)
  const { before, after } = planDrifts(positions)
  return {
    chainId: snapshot.chainId,
    account: snapshot.account,
    block: snapshot.block,
    legs,
    positions,
    skipped: parts.skipped,
    cost: measureCost(legs, positions, gasUsd),
    gas: { units: parts.gasUnits, maxFeePerGas, usd: gasUsd },
    certificate: certify(parts, toDollars(gasUsd)),
    nativeReserve: parts.nativeReserve,
    driftBeforeBps: driftToBps(before),
    driftAfterBps: driftToBps(after),
    deadline: snapshot.block.timestamp + deadlineSeconds,
    impactLevel: impactLevelOf(legs),
  }
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
export function impactLevelOf(legs: readonly Leg[]): RebalancePlan['impactLevel'] {
  const soldUsd = legs.reduce((sum, leg) => sum + leg.soldUsd, 0n)
  const impactUsd = legs.reduce((sum, leg) => sum + leg.impactUsd, 0n)
  const worst = legs.reduce((most, leg) => Math.max(most, leg.impactBps), ratioBpsAway(impactUsd, soldUsd))
  return worst <= 100 ? 'quiet' : worst <= 300 ? 'warn' : 'typeLoss'
}

/**
 * The plan's worth after all costs beside the most that these pools allow. The solver's bound covers what is traded; what stays is
 * added to both sides. The gas that every plan needs (the bundle itself, and an approval for each token that any plan must sell) is
 * taken off the bound too.
 */
function certify(parts: Parts, gasUsd: number): Certificate {
  // Summed by asset id, so that no order of the snapshot shows in the last digits.
  const { positions, solution, sellables, request, native } = parts
  const valueUsd = positions.reduce((sum, { projectedUsd }) => sum + toDollars(projectedUsd), 0) - gasUsd
  const nowUsd = positions.reduce((sum, position) => sum + toDollars(position.nowUsd), 0)
  if (solution.status !== 'solved') {
    // No plan reaches the targets: the bound is what the portfolio is worth before any cost.
    return { valueUsd, boundUsd: nowUsd, gapBps: gapBps(valueUsd, nowUsd), shadowPrices: [] }
  }
  const untouchedUsd = nowUsd - solution.valueBefore
  const wantedUsd = sellables.reduce((sum, { wanted, keptUsd }) => sum + toDollars(wanted.wantedUsd - keptUsd), 0)
  const mustSell = sellables.filter(({ wanted: { asset, wantedUsd: wanted }, keptUsd }) => {
    const share = toDollars(wanted - keptUsd) / wantedUsd
    return asset !== native && !hasAllowance(asset) && toDollars(asset.valueUsd) > share * solution.bound
  })
  const neededGas = baseGas(request.rung) + BigInt(mustSell.length) * approvalGas(request.rung)
  const neededUsd = toDollars(gasToUsd(neededGas, request.maxFeePerGas, native.price))
  const boundUsd = solution.bound + untouchedUsd - neededUsd
  const shadowPrices = Object.entries(solution.shadowPrices)
    .map(([assetId, usd]) => ({ assetId, usd }))
    .sort((a, b) => (a.assetId < b.assetId ? -1 : 1))
  return { valueUsd, boundUsd, gapBps: gapBps(valueUsd, boundUsd), shadowPrices }
}

const hasAllowance = ({ reading }: PricedAsset) =>
  reading.tokens.some(({ routerAllowance }) => routerAllowance.status !== 'known' || routerAllowance.amount > 0n)

/** A plan that ends a hair off its targets may be worth a hair more than the bound for exact targets: no gap. */
const gapBps = (valueUsd: number, boundUsd: number) => Math.max(0, (1e4 * (boundUsd - valueUsd)) / boundUsd)
