import { type BandProblem, type CostAwareBand, measureCostAwareBand } from './costAwareBand'
import { type Covariance, measureProduct, selectCovariance } from './covariance'

/** What a user may choose for gamma, the weight of variance against return. */
export const riskAversions = { cautious: 6, normal: 3, relaxed: 1.5 } as const

/** An asset and the share of the portfolio that it is meant to have. */
export interface TargetShare {
  readonly id: string
  /** 0 to 1; the targets of a portfolio sum to 1. */
  readonly target: number
}

/** How one asset's weight wanders when nobody trades. */
export interface AssetDrift extends TargetShare {
  /** TE: volatility a year of the asset against the whole portfolio. */
  readonly trackingError: number
  /** s2: variance a year of its weight, fractions of the portfolio squared. */
  readonly varianceRate: number
}

/** An asset for which a band is asked. */
export interface BandAsset extends TargetShare {
  /** What trading it costs per unit of weight: 0.003 for 0.3 %; from 0, below 1. */
  readonly proportionalCost: number
}

/** What the bands of a portfolio depend on. */
export interface BandsProblem {
  readonly assets: readonly BandAsset[]
  /** Covers every asset; its order does not matter. */
  readonly covariance: Covariance
  /** gamma, positive; see {@link riskAversions}. */
  readonly riskAversion: number
  /** Positive. */
  readonly portfolioUsd: number
  /** Gas of one rebalance of one asset; not negative. */
  readonly gasUsd: number
}

/** The band of one asset, or that there is none to be had. */
export type AssetBand =
  | ({ readonly status: 'band'; readonly id: string } & CostAwareBand)
  /**
   * The weight would reach 0 before it reached the edge: at this size, gas (or, where the band would be too wide without any gas,
   * the fee) makes rebalancing the asset cost more than it brings.
   */
  | ({ readonly status: 'widerThanTarget'; readonly id: string; readonly cause: 'gas' | 'fee' } & CostAwareBand)
  /** Its target is nothing or everything: it never drifts. */
  | { readonly status: 'steady'; readonly id: string }

/** A figure of a portfolio that cannot be. */
export class InvalidPortfolioError extends Error {
  override readonly name = 'InvalidPortfolioError'
  constructor(
    /** Where, such as `assets[1].target`. */
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field} ${reason}`)
  }
}

/** Targets that were rounded may miss 1 by so much. */
const tolerance = 1e-6

/**
 * Makes sure that targets are shares of one portfolio.
 * @throws {InvalidPortfolioError} when one is out of its range, an asset stands twice, or they do not sum to 1.
 */
export function checkTargets(assets: readonly TargetShare[]): void {
  const ids = new Set<string>()
  let sum = 0
  for (const [i, { id, target }] of assets.entries()) {
    if (ids.has(id)) throw new InvalidPortfolioError(`assets[${i}].id`, `must stand once; got ${id} again`)
    if (!(target >= 0 && target <= 1))
      throw new InvalidPortfolioError(`assets[${i}].target`, `must be a share from 0 to 1; got ${target}`)
    ids.add(id)
    sum += target
  }
  if (Math.abs(sum - 1) > tolerance)
    throw new InvalidPortfolioError('assets.target', `must sum to 1 over all assets; got ${Number(sum.toPrecision(9))}`)
}

/**
 * How each weight wanders about its target w:
 *
 *     TE_i^2 = (e_i - w)' Sigma (e_i - w)         s_i^2 = w_i^2 TE_i^2
 *
 * @throws {InvalidPortfolioError} when the targets are not shares of one portfolio.
 * @throws {UncoveredAssetError} when the covariance lacks an asset.
 */
export function measureAssetDrifts(assets: readonly TargetShare[], covariance: Covariance): readonly AssetDrift[] {
  checkTargets(assets)
  const { matrix } = selectCovariance(
    covariance,
    assets.map(({ id }) => id),
  )
  return assets.map(({ id, target }, i) => {
    const against = assets.map((other, j) => (i === j ? 1 : 0) - other.target)
    const trackingError = Math.sqrt(Math.max(0, measureProduct(against, matrix, against)))
    return { id, target, trackingError, varianceRate: (target * trackingError) ** 2 }
  })
}

function checkMoney({ assets, riskAversion, portfolioUsd, gasUsd }: BandsProblem): void {
  const refuse = (field: string, reason: string): never => {
    throw new InvalidPortfolioError(field, reason)
  }
  for (const [field, value] of Object.entries({ portfolioUsd, riskAversion }))
    if (!(value > 0 && Number.isFinite(value))) refuse(field, `must be positive; got ${value}`)
  if (!(gasUsd >= 0 && Number.isFinite(gasUsd))) refuse('gasUsd', `must not be negative; got ${gasUsd}`)
  for (const [i, { proportionalCost }] of assets.entries())
    if (!(proportionalCost >= 0 && proportionalCost < 1))
      refuse(`assets[${i}].proportionalCost`, `must lie from 0 to below 1; got ${proportionalCost}`)
}

/** What a person makes of variance, and what it costs to trade one asset. */
export interface BandCosts extends Pick<BandProblem, 'proportionalCost' | 'fixedCost'> {
  /** gamma, positive. */
  readonly riskAversion: number
}

/**
 * The band problem of one asset against the rest of its portfolio:
 *
 *     a_i = gamma TE_i^2 / (2 (1 - w_i)^2)
 *
 * @param drift of an asset whose target w_i lies between 0 and 1.
 */
export function composeBandProblem(
  { target, trackingError, varianceRate }: AssetDrift,
  { riskAversion, proportionalCost, fixedCost }: BandCosts,
): BandProblem {
  // {1 / year} = {1} {1 / year} / {1}
  const runningLoss = (riskAversion * trackingError ** 2) / (2 * (1 - target) ** 2)
  return { varianceRate, runningLoss, proportionalCost, fixedCost }
}

/**
 * The cost-aware band of one asset against the rest of its portfolio.
 * @throws {InvalidBandInputError} when a figure is out of its range.
 */
export function measureAssetBand(drift: AssetDrift, costs: BandCosts): AssetBand {
  const { id, target } = drift
  if (target === 0 || target === 1) return { status: 'steady', id }
  const problem = composeBandProblem(drift, costs)
  const band = measureCostAwareBand(problem)
  if (band.trigger <= target) return { status: 'band', id, ...band }
  const isGas = measureCostAwareBand({ ...problem, fixedCost: 0 }).trigger <= target
  return { status: 'widerThanTarget', id, cause: isGas ? 'gas' : 'fee', ...band }
}

/**
 * The cost-aware band of every asset of a portfolio, each against the rest of it; see {@link composeBandProblem}:
 *
 *     k = gas / portfolio
 *
 * With two assets, one of them without risk, this is `a = gamma sigma^2 / 2` and `s = sigma w (1 - w)`.
 * @returns one band for each asset, in their order.
 * @throws {InvalidPortfolioError} when a figure is out of its range, naming the field.
 * @throws {UncoveredAssetError} when the covariance lacks an asset.
 */
export function measureBands(problem: BandsProblem): readonly AssetBand[] {
  checkMoney(problem)
  const { assets, covariance, riskAversion, portfolioUsd, gasUsd } = problem
  const fees = new Map(assets.map(({ id, proportionalCost }) => [id, proportionalCost]))
  return measureAssetDrifts(assets, covariance).map((drift) =>
    measureAssetBand(drift, {
      riskAversion,
      proportionalCost: fees.get(drift.id) ?? 0,
      fixedCost: gasUsd / portfolioUsd,
    }),
  )
}
