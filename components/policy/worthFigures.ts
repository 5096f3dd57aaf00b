import type { Asset } from '@/lib/core/asset'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { riskAversions } from '@/lib/core/risk/bands'
import { measurePortfolioRisk } from '@/lib/core/risk/portfolioRisk'
import type { PriceSeries } from '@/lib/core/risk/returns'
import { measureWorth, type Worth } from '@/lib/core/risk/worth'
import { bpsWhole } from '@/lib/core/units'

/** What a plan is worth, or why it cannot be said. */
export type WorthFigures =
  | {
      readonly status: 'measured'
      readonly worth: Worth
      /** The gas price that the plan's cost is reckoned with. */
      readonly gasPriceGwei: number
      /** Daily returns that it rests on. */
      readonly observations: number
    }
  | { readonly status: 'unknown'; readonly reason: string }

/** So many days of prices say how assets move. */
const windowDays = 365

const dollars = (usd: bigint) => Number(usd) / 1e18

/** Assets that a plan says something of. */
export function listPlanned(plan: RebalancePlan, assets: readonly Asset[]) {
  return plan.positions
    .filter(({ nowBps, projectedBps, targetBps }) => nowBps > 0 || projectedBps > 0 || targetBps > 0)
    .map((position) => ({
      ...position,
      id: position.assetId,
      isStable: assets.find(({ id }) => id === position.assetId)?.isStable === true,
    }))
}

type WorthRequest = {
  readonly plan: RebalancePlan
  readonly assets: readonly Asset[]
  readonly series: readonly PriceSeries[]
}

/** What waiting costs against what a plan costs, at the usual risk aversion. */
export function measurePlanWorth({ plan, assets, series }: WorthRequest): WorthFigures {
  const planned = listPlanned(plan, assets)
  const risk = measurePortfolioRisk({ assets: planned, series, estimator: 'ledoitWolf', windowDays })
  if (risk.status === 'tooFew')
    return {
      status: 'unknown',
      reason: `these assets share ${risk.observations} daily returns, and ${risk.needed} are needed`,
    }
  if (risk.status === 'notPositiveDefinite')
    return { status: 'unknown', reason: `${risk.id} moves as a mixture of ${risk.others.join(', ')}` }
  if (risk.uncoveredIds.length > 0)
    return { status: 'unknown', reason: `there is no price history of ${risk.uncoveredIds.join(', ')}` }
  if (risk.status === 'noPrices') return { status: 'unknown', reason: 'stable assets alone do not drift' }
  const gasPriceGwei = Number(plan.gas.maxFeePerGas) / 1e9
  const totalUsd = plan.positions.reduce((sum, { nowUsd }) => sum + dollars(nowUsd), 0)
  const worth = measureWorth({
    assets: planned.map(({ id, nowBps, projectedBps, targetBps }) => ({
      id,
      before: nowBps / bpsWhole,
      after: projectedBps / bpsWhole,
      target: targetBps / bpsWhole,
    })),
    covariance: risk.covariance,
    riskAversion: riskAversions.normal,
    portfolioUsd: totalUsd,
    cost: {
      tradingUsd: Math.max(0, dollars(plan.cost.feeUsd) + dollars(plan.cost.impactUsd)),
      gasUsd: dollars(plan.cost.gasUsd),
      gasPriceGwei,
    },
  })
  return { status: 'measured', worth, gasPriceGwei, observations: risk.observations }
}
