import { assertNever, bpsWhole } from '../units'
import {
  type Band,
  type CostAwareBand,
  type CostAwareRule,
  type Destination,
  InvalidTriggerError,
  type Rest,
  type Threshold,
  type ThresholdRule,
  type TriggerAsset,
} from './rule'

const yearDays = 365

/**
 * The band of an asset under a rule.
 * @throws {InvalidTriggerError} when a number of the rule is not finite or out of its range.
 */
export function measureBand(
  rule: ThresholdRule | CostAwareRule,
  asset: Pick<TriggerAsset, 'assetId' | 'targetBps' | 'volatility'>,
): Band {
  switch (rule.kind) {
    case 'threshold': {
      const own = rule.ownThresholds?.find(({ assetId }) => assetId === asset.assetId)
      const triggerBps = measureThreshold(own?.threshold ?? rule.threshold, asset)
      if (triggerBps === undefined) return { status: 'unknown', reason: 'unknownVolatility' }
      return { status: 'known', triggerBps, rest: toRest(rule.destination, triggerBps) }
    }
    case 'costAware': {
      const band = rule.bands.find(({ assetId }) => assetId === asset.assetId)
      return band === undefined ? { status: 'unknown', reason: 'noBand' } : toBand(band)
    }
    default:
      return assertNever(rule)
  }
}

function toBand({ trigger, destination }: CostAwareBand): Band {
  if (!(trigger >= 0) || !Number.isFinite(trigger)) throw new InvalidTriggerError('trigger', trigger)
  if (!(destination >= 0 && destination <= trigger)) throw new InvalidTriggerError('destination', destination)
  return { status: 'known', triggerBps: trigger * bpsWhole, rest: { kind: 'distance', bps: destination * bpsWhole } }
}

function toRest(destination: Destination, triggerBps: number): Rest {
  switch (destination) {
    case 'target':
      return { kind: 'distance', bps: 0 }
    case 'halfway':
      return { kind: 'halfOfDrift' }
    case 'edge':
      return { kind: 'distance', bps: triggerBps }
    default:
      return assertNever(destination)
  }
}

/** How far from its target an asset is left, by its drift and the rest that its band leaves. Basis points of the portfolio, from 0. */
export function measureRest(rest: Rest, driftBps: number): number {
  return rest.kind === 'distance' ? rest.bps : Math.abs(driftBps) / 2
}

function measureThreshold(
  threshold: Threshold,
  { targetBps, volatility }: Pick<TriggerAsset, 'targetBps' | 'volatility'>,
): number | undefined {
  switch (threshold.kind) {
    case 'absolute':
      return threshold.triggerBps
    case 'relative':
      return Math.max(threshold.leastBps, (targetBps * threshold.shareBps) / bpsWhole)
    case 'volatilityScaled': {
      const { deviations, horizonDays, leastBps } = threshold
      if (!(deviations > 0) || !Number.isFinite(deviations)) throw new InvalidTriggerError('deviations', deviations)
      if (!(horizonDays > 0) || !Number.isFinite(horizonDays)) throw new InvalidTriggerError('horizonDays', horizonDays)
      if (volatility === undefined || !(volatility > 0) || !Number.isFinite(volatility)) return undefined
      const deviation = volatility * Math.sqrt(horizonDays / yearDays)
      // {bps} = {1} * {1} * {bps} * {1}
      return Math.max(leastBps, deviations * deviation * targetBps * (1 - targetBps / bpsWhole))
    }
    default:
      return assertNever(threshold)
  }
}
