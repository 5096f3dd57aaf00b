import type { AssetId } from '../asset'
import type { Bps } from '../units'
import type { CalendarRule } from './calendar'

/** How far an asset may drift before it fires. */
export type Threshold =
  /** Percentage points of the portfolio. */
  | { readonly kind: 'absolute'; readonly triggerBps: Bps }
  /** A share of the asset's own target: 2500 of a target of 40 % is 10 percentage points. */
  | { readonly kind: 'relative'; readonly shareBps: Bps; readonly leastBps: Bps }
  /**
   * So many standard deviations of what the weight does over a time: `deviations x volatility x sqrt(days / 365) x w (1 - w)`, w the
   * target. The weight of a risky asset beside a still one moves by `w (1 - w)` of its return.
   */
  | {
      readonly kind: 'volatilityScaled'
      readonly deviations: number
      readonly horizonDays: number
      readonly leastBps: Bps
    }

/** Where an asset that fired is brought: to its target, half of its present drift away from it, or to the edge of the band. */
export type Destination = 'target' | 'halfway' | 'edge'

/** One threshold for all assets, and its own for some. */
export type ThresholdRule = {
  readonly kind: 'threshold'
  readonly threshold: Threshold
  readonly ownThresholds?: readonly { readonly assetId: AssetId; readonly threshold: Threshold }[]
  readonly destination: Destination
}

/** A band as it was computed from costs: distances from the target as fractions of the portfolio, `destination <= trigger`. */
export type CostAwareBand = { readonly assetId: AssetId; readonly trigger: number; readonly destination: number }

/** Assets without a band are not judged. */
export type CostAwareRule = { readonly kind: 'costAware'; readonly bands: readonly CostAwareBand[] }

/** What a person wants to be told of: drift, dates, both or neither. */
export type TriggerRules = { readonly band?: ThresholdRule | CostAwareRule; readonly calendar?: CalendarRule }

/** What of an asset a trigger looks at. */
export type TriggerAsset = {
  readonly assetId: AssetId
  /** Missing when the asset could not be read or priced: unknown is never zero. */
  readonly weightBps?: number
  readonly targetBps: number
  /** A year, as a fraction. */
  readonly volatility?: number
}

/** Why an asset has no band to judge it by. */
export type NoBand = 'unknownVolatility' | 'noBand'

/** Distances from the target in basis points of the portfolio; need not be whole. */
export type Band =
  | { readonly status: 'known'; readonly triggerBps: number; readonly rest: Rest }
  | { readonly status: 'unknown'; readonly reason: NoBand }

/** What is left of the way to the target once an asset was brought back: a distance of at most the trigger, or half of the drift. */
export type Rest = { readonly kind: 'distance'; readonly bps: number } | { readonly kind: 'halfOfDrift' }

/** A number of a rule that no band can be made of. */
export class InvalidTriggerError extends Error {
  override readonly name = 'InvalidTriggerError'
  constructor(
    readonly field: 'deviations' | 'horizonDays' | 'trigger' | 'destination',
    readonly value: number,
  ) {
    super(`${value} cannot be the ${words[field]}. ${advice[field]}`)
  }
}

const words = {
  deviations: 'number of standard deviations',
  horizonDays: 'number of days',
  trigger: 'trigger of a band',
  destination: 'destination of a band',
} as const

const advice = {
  deviations: 'Use a number above zero.',
  horizonDays: 'Use a number above zero.',
  trigger: 'Use a fraction of the portfolio of zero or more.',
  destination: 'Use a fraction from zero to the trigger.',
} as const
