import type { Matrix } from '../numbers/cholesky'
import { checkTargets, InvalidPortfolioError } from './bands'
import { type Covariance, entryOf, measureProduct, selectCovariance } from './covariance'
import { daysPerYear } from './estimateCovariance'

/** An asset's share of the portfolio before and after a plan. Shares are fractions, 0 to 1. */
export interface PlannedWeight {
  readonly id: string
  readonly before: number
  readonly after: number
  readonly target: number
}

/** What a plan costs, in dollars. */
export interface PlanCost {
  /** Fees and price impact. */
  readonly tradingUsd: number
  readonly gasUsd: number
  /** The gas price that `gasUsd` was reckoned with. */
  readonly gasPriceGwei: number
}

/** What the worth of a plan depends on. */
export interface WorthProblem {
  readonly assets: readonly PlannedWeight[]
  /** Covers every asset; its order does not matter. */
  readonly covariance: Covariance
  /** gamma, positive. */
  readonly riskAversion: number
  /** Positive. */
  readonly portfolioUsd: number
  readonly cost: PlanCost
}

/** At which gas price a plan costs just what it saves. */
export type BreakEvenGas =
  | { readonly status: 'at'; readonly gasPriceGwei: number }
  /** Trading alone costs more than the plan saves. */
  | { readonly status: 'never' }
  /** The plan calls for no gas. */
  | { readonly status: 'free' }

/** What a plan saves against what it costs. */
export type Worth =
  | {
      /** `pays` where it saves at least what it costs. */
      readonly status: 'pays' | 'costsMore'
      /** What the deviation that the plan takes away costs while one waits. */
      readonly waitingUsdPerWeek: number
      /** Fees, price impact and gas. */
      readonly planUsd: number
      /** Until drift has brought back as much tracking error as the plan took away, on average. */
      readonly daysToDriftBack: number
      /** What waiting would cost over that time. */
      readonly savedUsd: number
      /** After so many days of waiting the plan would have cost no more than waiting did. */
      readonly breakEvenDays: number
      readonly breakEvenGas: BreakEvenGas
    }
  /** The plan leaves as much tracking error as there was, or more: a deposit moved the targets, say. */
  | { readonly status: 'removesNothing'; readonly planUsd: number }

/** tr(Sigma V): what x' Sigma x gains a year while the weights drift with covariance V = A Sigma A', A = diag(w) (I - 1 w'). */
function measureRiskGrowth(targets: readonly number[], matrix: Matrix): number {
  const moves = targets.map((target, i) => targets.map((other, j) => target * ((i === j ? 1 : 0) - other)))
  let growth = 0
  for (let i = 0; i < targets.length; i++)
    for (let j = 0; j < targets.length; j++)
      growth += entryOf(matrix, i, j) * measureProduct(moves[i] ?? [], matrix, moves[j] ?? [])
  return growth
}

function check({ riskAversion, portfolioUsd, cost }: WorthProblem): void {
  for (const [field, value] of Object.entries({ riskAversion, portfolioUsd }))
    if (!(value > 0 && Number.isFinite(value))) throw new InvalidPortfolioError(field, `must be positive; got ${value}`)
  for (const [field, value] of Object.entries(cost))
    if (!(value >= 0 && Number.isFinite(value)))
      throw new InvalidPortfolioError(`cost.${field}`, `must not be negative; got ${value}`)
}

/**
 * Whether a plan saves what it costs. With x the deviations before, y those after, and the weights drifting as a Brownian motion
 * about their targets with covariance V a year:
 *
 *     loss removed a year = (gamma / 2) (x' Sigma x - y' Sigma y)
 *     years to drift back = (x' Sigma x - y' Sigma y) / tr(Sigma V)
 *
 * The second is exact: x' Sigma x - tr(Sigma V) t is a martingale (Dynkin's formula), so it takes that long on average to grow
 * back; for one asset it is (x^2 - y^2) / s2. The first stays the same all that time, for whatever drift adds, it adds on average
 * to both.
 * @throws {InvalidPortfolioError} when a figure is out of its range or the targets are not shares of one portfolio.
 * @throws {UncoveredAssetError} when the covariance lacks an asset.
 */
export function measureWorth(problem: WorthProblem): Worth {
  check(problem)
  const { assets, covariance, riskAversion, portfolioUsd, cost } = problem
  checkTargets(assets)
  const { matrix } = selectCovariance(
    covariance,
    assets.map(({ id }) => id),
  )
  const planUsd = cost.tradingUsd + cost.gasUsd
  const before = assets.map((asset) => asset.before - asset.target)
  const after = assets.map((asset) => asset.after - asset.target)
  // {1 / year}: variance of the portfolio's return against the target's.
  const removed = measureProduct(before, matrix, before) - measureProduct(after, matrix, after)
  const growth = measureRiskGrowth(
    assets.map(({ target }) => target),
    matrix,
  )
  if (!(removed > 0 && growth > 0)) return { status: 'removesNothing', planUsd }
  // {usd / day} = {1} {1 / year} {usd} / {days / year}
  const waitingUsdPerDay = ((riskAversion / 2) * removed * portfolioUsd) / daysPerYear
  const daysToDriftBack = (removed / growth) * daysPerYear
  const savedUsd = waitingUsdPerDay * daysToDriftBack
  return {
    status: savedUsd >= planUsd ? 'pays' : 'costsMore',
    waitingUsdPerWeek: waitingUsdPerDay * 7,
    planUsd,
    daysToDriftBack,
    savedUsd,
    breakEvenDays: planUsd / waitingUsdPerDay,
    breakEvenGas: measureBreakEvenGas(savedUsd, cost),
  }
}

function measureBreakEvenGas(savedUsd: number, { tradingUsd, gasUsd, gasPriceGwei }: PlanCost): BreakEvenGas {
  if (savedUsd < tradingUsd) return { status: 'never' }
  if (gasUsd === 0) return { status: 'free' }
  // {gwei} = {usd} {gwei} / {usd}
  return { status: 'at', gasPriceGwei: ((savedUsd - tradingUsd) * gasPriceGwei) / gasUsd }
}
