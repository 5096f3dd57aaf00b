import { ruleOf } from '@/lib/core/policy/policy'
import { type AssetBand, composeBandProblem, measureAssetBand, measureAssetDrifts } from '@/lib/core/risk/bands'
import { type Band, type BandLoss, type BandProblem, measureBandLoss } from '@/lib/core/risk/costAwareBand'
import type { PortfolioRisk } from '@/lib/core/risk/portfolioRisk'
import type { PlanSettings } from '@/lib/core/targets'
import { bpsWhole } from '@/lib/core/units'
import type { LabInput } from './labDraft'

/** One asset's band, and the person's own beside it. */
export type BandRow = {
  readonly id: string
  /** A fraction. */
  readonly target: number
  readonly kind: 'moving' | 'steady'
  readonly band: AssetBand
  /** Volatility a year against the whole portfolio; missing where the asset has no prices: then what is yearly is not known. */
  readonly trackingError?: number
  /** Missing where the target is everything. */
  readonly problem?: BandProblem
  /** Missing where the person's band is nothing. */
  readonly own?: Band
  /** What the person's own band loses; missing where it is not known. */
  readonly ownLoss?: BandLoss
}

type OwnSettings = Pick<PlanSettings, 'bandBps' | 'policy'>

/** The band that holds for an asset now. */
export function selectOwnBand({ bandBps, policy }: OwnSettings, id: string): Band | undefined {
  const rule = policy && ruleOf(policy, id)
  const trigger = (rule?.bandBps ?? bandBps) / bpsWhole
  if (trigger === 0) return undefined
  switch (policy?.destination ?? 'target') {
    case 'target':
      return { trigger, destination: 0 }
    case 'halfway':
      return { trigger, destination: trigger / 2 }
    case 'edge':
      return { trigger, destination: Math.min(trigger, (rule?.edgeBps ?? bpsWhole) / bpsWhole) }
  }
}

/** How much the weights of the covered assets wander, by asset; nothing where the risk is not known. */
function measureTrackingErrors({ targets }: LabInput, risk: PortfolioRisk | undefined): ReadonlyMap<string, number> {
  if (risk?.status !== 'measured') return new Map()
  const covered = targets.filter(({ id }) => risk.covariance.ids.includes(id))
  const whole = covered.reduce((sum, { weightBps }) => sum + weightBps, 0)
  if (whole === 0) return new Map()
  const shares = covered.map(({ id, weightBps }) => ({ id, target: weightBps / whole }))
  return new Map(measureAssetDrifts(shares, risk.covariance).map(({ id, trackingError }) => [id, trackingError]))
}

/**
 * The bands that fees and gas call for. Trigger and destination need no prices: volatility cancels out of them. What they come
 * to in a year does; assets without prices are left out of it.
 */
export function toBandRows(input: LabInput, risk: PortfolioRisk | undefined, own: OwnSettings): readonly BandRow[] {
  const { targets, riskAversion, feeBps, gasUsd, totalUsd } = input
  const trackingErrors = measureTrackingErrors(input, risk)
  const costs = { riskAversion, proportionalCost: feeBps / bpsWhole, fixedCost: gasUsd / totalUsd }
  const steady = new Set(risk?.status === 'measured' ? risk.steadyIds : [])
  return targets.map(({ id, weightBps }): BandRow => {
    const target = weightBps / bpsWhole
    const known = trackingErrors.get(id)
    const trackingError = known === undefined || known === 0 ? 1 : known
    const drift = { id, target, trackingError, varianceRate: (target * trackingError) ** 2 }
    const ownBand = selectOwnBand(own, id)
    const problem = target > 0 && target < 1 ? composeBandProblem(drift, costs) : undefined
    const isYearlyKnown = known !== undefined && known > 0 && problem !== undefined
    return {
      id,
      target,
      kind: steady.has(id) ? 'steady' : 'moving',
      band: measureAssetBand(drift, costs),
      ...(isYearlyKnown ? { trackingError: known } : {}),
      ...(problem === undefined ? {} : { problem }),
      ...(ownBand === undefined ? {} : { own: ownBand }),
      ...(isYearlyKnown && ownBand !== undefined ? { ownLoss: measureBandLoss(problem, ownBand) } : {}),
    }
  })
}
