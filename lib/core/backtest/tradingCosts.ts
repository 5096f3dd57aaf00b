import { InvalidBacktestError } from './priceMatrix'

/**
 * How far a trade moves the price against itself, as a fraction of the traded amount, for each traded asset by itself (what is
 * sold and what is bought each have their own depth). A depth of Infinity costs nothing; no trade loses more than all of it.
 *
 * - `linear`: x / depth, with depth the dollars on one side of a constant-product pool: selling x there at an average of
 *   1 / (1 + x / depth) of the price loses x / depth to first order.
 * - `squareRoot`: coefficient x sqrt(x / depth), with depth the dollars traded in a day and the coefficient near the daily
 *   volatility (Almgren, Thum, Hauptmann, Li 2005; Toth et al. 2011).
 */
export type ImpactModel =
  | { readonly kind: 'none' }
  | { readonly kind: 'linear'; readonly depthUsd: readonly number[] }
  | { readonly kind: 'squareRoot'; readonly depthUsd: readonly number[]; readonly coefficient: number }

/** What trading costs. */
export interface TradingCosts {
  /** Basis points of what is sold: every dollar that changes its asset pays once. */
  readonly feeBps: number
  /** USD for each rebalance, whatever its size. */
  readonly gasUsd: number
  /** USD for each trade of a rebalance on top; k assets that change hands take k - 1 trades. */
  readonly gasUsdPerTrade: number
  readonly impact: ImpactModel
}

/** Nothing costs anything. */
export const noCosts: TradingCosts = { feeBps: 0, gasUsd: 0, gasUsdPerTrade: 0, impact: { kind: 'none' } }

/** The greatest fee: everything. */
const greatestFeeBps = 10_000

/**
 * Checks costs against the market they are for.
 * @throws {InvalidBacktestError} when a figure is negative or not finite, the fee exceeds everything, or depths do not match the assets.
 */
export function checkCosts({ feeBps, gasUsd, gasUsdPerTrade, impact }: TradingCosts, assets: number): void {
  for (const [field, value] of Object.entries({ feeBps, gasUsd, gasUsdPerTrade }))
    if (!(value >= 0 && Number.isFinite(value)))
      throw new InvalidBacktestError(field, `must be finite and not negative; got ${value}`)
  if (feeBps > greatestFeeBps) throw new InvalidBacktestError('feeBps', `must be at most 10000; got ${feeBps}`)
  if (impact.kind === 'none') return
  if (impact.depthUsd.length !== assets)
    throw new InvalidBacktestError(
      'impact.depthUsd',
      `must have a depth for each of ${assets} assets; got ${impact.depthUsd.length}`,
    )
  const wrong = impact.depthUsd.findIndex((depth) => !(depth > 0))
  if (wrong >= 0)
    throw new InvalidBacktestError(`impact.depthUsd[${wrong}]`, `must be positive; got ${impact.depthUsd[wrong]}`)
  if (impact.kind === 'squareRoot' && !(impact.coefficient >= 0 && Number.isFinite(impact.coefficient)))
    throw new InvalidBacktestError('impact.coefficient', `must be finite and not negative; got ${impact.coefficient}`)
}

/** What the market takes when `tradedUsd` of an asset change hands, in USD. */
export function measureImpact(impact: ImpactModel, asset: number, tradedUsd: number): number {
  if (impact.kind === 'none') return 0
  const share = tradedUsd / (impact.depthUsd[asset] ?? Number.POSITIVE_INFINITY)
  const fraction = impact.kind === 'linear' ? share : impact.coefficient * Math.sqrt(share)
  return tradedUsd * Math.min(1, fraction)
}
