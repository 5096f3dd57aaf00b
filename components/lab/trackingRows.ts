import { measureAssetDrifts } from '@/lib/core/risk/bands'
import { type Breach, measureBreach } from '@/lib/core/risk/breach'
import type { PortfolioRisk } from '@/lib/core/risk/portfolioRisk'
import { measureTrackingError, type WeightedAsset } from '@/lib/core/risk/trackingError'
import type { PlanSettings } from '@/lib/core/targets'
import { bpsWhole } from '@/lib/core/units'
import { selectOwnBand } from './bandRows'
import type { LabTarget } from './labSubject'

/** What one asset adds to the tracking error, and when it is expected to leave its band. */
export type TrackingRow = {
  readonly id: string
  /** Weight less target, a fraction. */
  readonly deviation: number
  /** Volatility a year; below 0 where it offsets others. */
  readonly contribution: number
  readonly breach: Breach | undefined
}

export type Tracking = {
  readonly trackingError: number
  readonly rows: readonly TrackingRow[]
  /** The smallest expected time until a band is left; 0 where one is left already; missing where none can be. */
  readonly firstDays: number | undefined
}

type TrackingRequest = {
  readonly held: readonly LabTarget[]
  readonly targets: readonly LabTarget[]
  readonly risk: Extract<PortfolioRisk, { status: 'measured' }>
  readonly settings: Pick<PlanSettings, 'bandBps' | 'policy'>
  readonly horizonDays: number
}

/** Weights are looked at once a day. */
const checkedEveryDays = 1

const toShares = (weights: readonly LabTarget[], ids: readonly string[]) => {
  const known = ids.map((id) => weights.find((weight) => weight.id === id)?.weightBps ?? 0)
  const whole = known.reduce((sum, weightBps) => sum + weightBps, 0)
  return known.map((weightBps) => (whole === 0 ? 0 : weightBps / whole))
}

/** Tracking error as it stands, over the assets that have prices. */
export function measureTracking({ held, targets, risk, settings, horizonDays }: TrackingRequest): Tracking {
  const ids = [...new Set([...targets, ...held].map(({ id }) => id))].filter((id) => risk.covariance.ids.includes(id))
  const weights = toShares(held, ids)
  const wanted = toShares(targets, ids)
  const assets: readonly WeightedAsset[] = ids.map((id, at) => ({
    id,
    weight: weights[at] ?? 0,
    target: wanted[at] ?? 0,
  }))
  const { trackingError, contributions } = measureTrackingError(assets, risk.covariance)
  // How far weights wander depends on where they are held, which is near the targets.
  const drifts = measureAssetDrifts(assets, risk.covariance)
  const rows = assets.map(({ id, weight, target }, at): TrackingRow => {
    const trigger = selectOwnBand(settings, id)?.trigger
    const varianceRate = drifts[at]?.varianceRate ?? 0
    const deviation = weight - target
    const isMoving = trigger !== undefined && varianceRate > 0
    return {
      id,
      deviation,
      contribution: contributions[at]?.contribution ?? 0,
      breach: isMoving ? measureBreach({ deviation, trigger, varianceRate, checkedEveryDays }, horizonDays) : undefined,
    }
  })
  const days = rows.flatMap(({ breach }) =>
    breach === undefined ? [] : [breach.status === 'outside' ? 0 : breach.expectedDays],
  )
  return { trackingError, rows, firstDays: days.length === 0 ? undefined : Math.min(...days) }
}

/** Whether a portfolio is just where it is meant to be. */
export const isOnTarget = ({ trackingError }: Tracking) => trackingError < 0.5 / bpsWhole
