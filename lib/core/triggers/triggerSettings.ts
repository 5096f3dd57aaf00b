import type { AssetId } from '../asset'
import type { PlanPolicy } from '../policy/policy'
import { measureAssetBand, riskAversions } from '../risk/bands'
import type { Targets } from '../targets'
import { type Address, bpsWhole } from '../units'
import { isValidCalendarDays } from './calendar'
import type { CostAwareBand, Threshold, ThresholdRule, TriggerRules } from './rule'
import { composeTriggerSeed, hashText } from './triggerSeed'

/** How a person wants drift to be judged: by a threshold of their own, or by the bands that their costs come to. */
export type BandChoice =
  | { readonly kind: 'threshold'; readonly threshold: Threshold }
  | { readonly kind: 'costAware'; readonly riskAversion: keyof typeof riskAversions }

/** What a person asked to be told of. Plain data, kept on the device. */
export type TriggerSettings = {
  readonly band?: BandChoice
  readonly calendar?: {
    /** A whole number from 1 to `mostDays`. */
    readonly everyDays: number
    /** Unix seconds of the moment at which this calendar was chosen. */
    readonly startSeconds: number
  }
  /** Also through the browser's own notices. */
  readonly isNotifying: boolean
}

/** Nobody asked for anything. */
export const blankTriggerSettings: TriggerSettings = { isNotifying: false }

/** What an asset's price does: standard deviation of log returns a year, as a fraction. */
export type AssetVolatilities = readonly { readonly assetId: AssetId; readonly volatility: number }[]

/** What rebalancing costs: the usual fee of a trade, and one trade's gas in dollars for a portfolio of `totalUsd` dollars. */
export type TriggerCosts = { readonly feeBps: number; readonly gasUsd: number; readonly totalUsd: number }

/** What makes rules of settings. */
export type TriggerRulesRequest = {
  readonly settings: TriggerSettings
  readonly account: Address
  readonly targets: Targets
  readonly policy?: Pick<PlanPolicy, 'destination' | 'rules'> | undefined
  /** Missing where they are not known: then no band comes from costs. */
  readonly costs?: TriggerCosts | undefined
}

/**
 * Makes the rules that `judgeTriggers` reads. Where a plan would bring an asset is the policy's business, and an asset with a band of its
 * own in the policy keeps it, whatever the threshold of the others. A calendar of impossible days is left out.
 */
export function composeTriggerRules(request: TriggerRulesRequest): TriggerRules {
  const { settings, account, targets } = request
  const { band, calendar } = settings
  return {
    ...(band === undefined ? {} : { band: toBandRule(band, request) }),
    ...(calendar === undefined || !isValidCalendarDays(calendar.everyDays)
      ? {}
      : { calendar: { ...calendar, seed: composeTriggerSeed(account, targets) } }),
  }
}

function toBandRule(
  band: BandChoice,
  { policy, costs, targets }: TriggerRulesRequest,
): NonNullable<TriggerRules['band']> {
  if (band.kind === 'costAware') {
    const riskAversion = riskAversions[band.riskAversion]
    return {
      kind: 'costAware',
      bands: costs === undefined ? [] : composeCostAwareBands(targets, { ...costs, riskAversion }),
    }
  }
  const own = (policy?.rules ?? []).flatMap(
    ({ assetId, bandBps }): NonNullable<ThresholdRule['ownThresholds']> =>
      bandBps === undefined ? [] : [{ assetId, threshold: { kind: 'absolute', triggerBps: bandBps } }],
  )
  return {
    kind: 'threshold',
    threshold: band.threshold,
    ownThresholds: own,
    destination: policy?.destination ?? 'target',
  }
}

/**
 * The bands that fee and gas call for. They need no history: an asset's volatility drives both what its drift costs and how often it comes,
 * and cancels out of the band. An asset whose target is everything has none.
 */
function composeCostAwareBands(
  targets: Targets,
  { feeBps, gasUsd, totalUsd, riskAversion }: TriggerCosts & { readonly riskAversion: number },
): readonly CostAwareBand[] {
  if (!(totalUsd > 0)) return []
  const costs = { riskAversion, proportionalCost: feeBps / bpsWhole, fixedCost: gasUsd / totalUsd }
  return targets.weights.flatMap(({ assetId, weightBps }): CostAwareBand[] => {
    const target = weightBps / bpsWhole
    const band = measureAssetBand({ id: assetId, target, trackingError: 1, varianceRate: target ** 2 }, costs)
    if (band.status === 'steady') return []
    return [{ assetId, trigger: band.trigger, destination: band.destination }]
  })
}

/** Names targets and bands: what was remembered under another name says nothing about these. */
export function composeTriggerMark({ settings, account, targets, policy }: TriggerRulesRequest): string {
  const own = (policy?.rules ?? []).flatMap(({ assetId, bandBps }) =>
    bandBps === undefined ? [] : [[assetId, bandBps]],
  )
  const text = JSON.stringify([composeTriggerSeed(account, targets).toString(), settings.band ?? null, own])
  return hashText(text).toString(16)
}
