import { type Band, measureCostAwareBand } from '../risk/costAwareBand'
import { assertNever } from '../units'
import { daySeconds, InvalidBacktestError } from './priceMatrix'
import type { TradingCosts } from './tradingCosts'

/**
 * How far a weight is brought back, once it is acted on: to its target, half the band (where it fires that is half of its drift), the
 * band's edge, or a share of the band.
 */
export type Destination = 'target' | 'halfway' | 'edge' | number

/**
 * What is traded when a rule fires. `all`: every deviation shrinks by the same factor, such that the weights that fired end at
 * their destination. `outOfBand`: those go to their destination, and as few others as possible take the other side, those
 * furthest out the other way first, none beyond its target.
 */
export type Scope = 'all' | 'outOfBand'

/** When to trade, and how far. The portfolio starts at its targets. */
export type Rule =
  | { readonly kind: 'hold' }
  /** To the targets every so many days. */
  | { readonly kind: 'calendar'; readonly days: number }
  /** When a weight is `band` (a fraction of the portfolio) or more from its target. */
  | {
      readonly kind: 'threshold'
      readonly band: number
      readonly destination: Destination
      readonly scope?: Scope
    }
  /** A band for each asset. */
  | { readonly kind: 'bands'; readonly bands: readonly Band[]; readonly scope?: Scope }
  /** The bands that the fee and the gas call for at this risk aversion and the initial size; see {@link composeCostAwareBands}. */
  | { readonly kind: 'costAware'; readonly riskAversion: number; readonly scope?: Scope }

/** A rule in the terms of one market. */
export type TradePolicy =
  | { readonly kind: 'never' }
  | { readonly kind: 'every'; readonly steps: number }
  | {
      readonly kind: 'bands'
      readonly triggers: Float64Array
      readonly destinations: Float64Array
      readonly scope: Scope
    }

function shareOf(destination: Destination): number {
  switch (destination) {
    case 'target':
      return 0
    case 'halfway':
      return 0.5
    case 'edge':
      return 1
    default:
      if (!(destination >= 0 && destination <= 1))
        throw new InvalidBacktestError(
          'rule.destination',
          `must be target, halfway, edge or a share of the band from 0 to 1; got ${destination}`,
        )
      return destination
  }
}

/** What a rule needs to know of what it is for. */
export interface PolicyContext {
  readonly stepSeconds: number
  /** Target weights, fractions that sum to 1. */
  readonly targets: Float64Array
  readonly costs: TradingCosts
  readonly initialUsd: number
}

/**
 * The cost-aware band of each asset. With s2 = w^2 TE^2 and a = gamma TE^2 / (2 (1 - w)^2) only s2 / a enters the band, and TE
 * cancels: no volatility is estimated, so a back-test looks at no price before its time. An asset whose target is nothing or
 * everything never drifts. Impact does not enter.
 * @throws {InvalidBacktestError} when the risk aversion is not positive.
 */
export function composeCostAwareBands(
  riskAversion: number,
  { targets, costs, initialUsd }: Omit<PolicyContext, 'stepSeconds'>,
): readonly Band[] {
  if (!(riskAversion > 0 && Number.isFinite(riskAversion)))
    throw new InvalidBacktestError('rule.riskAversion', `must be positive and finite; got ${riskAversion}`)
  return Array.from(targets, (target) => {
    if (target === 0 || target === 1) return { trigger: Number.POSITIVE_INFINITY, destination: 0 }
    const { trigger, destination } = measureCostAwareBand({
      varianceRate: (target * (1 - target)) ** 2,
      runningLoss: riskAversion / 2,
      proportionalCost: costs.feeBps / 10_000,
      fixedCost: (costs.gasUsd + costs.gasUsdPerTrade) / initialUsd,
    })
    return { trigger, destination }
  })
}

function composeBands(bands: readonly Band[], scope: Scope): TradePolicy {
  return {
    kind: 'bands',
    triggers: Float64Array.from(bands, ({ trigger }) => trigger),
    destinations: Float64Array.from(bands, ({ destination }) => destination),
    scope,
  }
}

/**
 * Puts a rule in the terms of a market.
 * @throws {InvalidBacktestError} when a figure of the rule is out of its range, or there is not one band for each asset.
 */
export function composePolicy(rule: Rule, context: PolicyContext): TradePolicy {
  const assets = context.targets.length
  switch (rule.kind) {
    case 'hold':
      return { kind: 'never' }
    case 'calendar': {
      if (!(rule.days > 0 && Number.isFinite(rule.days)))
        throw new InvalidBacktestError('rule.days', `must be positive and finite; got ${rule.days}`)
      return { kind: 'every', steps: Math.max(1, Math.round((rule.days * daySeconds) / context.stepSeconds)) }
    }
    case 'threshold': {
      if (!(rule.band >= 0 && rule.band <= 1))
        throw new InvalidBacktestError('rule.band', `must be a fraction from 0 to 1; got ${rule.band}`)
      const band = { trigger: rule.band, destination: rule.band * shareOf(rule.destination) }
      return composeBands(
        Array.from(context.targets, () => band),
        rule.scope ?? 'all',
      )
    }
    case 'bands': {
      if (rule.bands.length !== assets)
        throw new InvalidBacktestError(
          'rule.bands',
          `must have a band for each of ${assets} assets; got ${rule.bands.length}`,
        )
      for (const [at, { trigger, destination }] of rule.bands.entries())
        if (!(trigger >= 0 && destination >= 0 && destination <= trigger))
          throw new InvalidBacktestError(
            `rule.bands[${at}]`,
            `must have a destination from 0 to its trigger; got ${destination} and ${trigger}`,
          )
      return composeBands(rule.bands, rule.scope ?? 'outOfBand')
    }
    case 'costAware':
      return composeBands(composeCostAwareBands(rule.riskAversion, context), rule.scope ?? 'outOfBand')
    default:
      return assertNever(rule)
  }
}
