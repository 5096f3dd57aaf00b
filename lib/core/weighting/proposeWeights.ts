import type { TargetWeight } from '../targets'
import { assertNever, bpsWhole, toBps } from '../units'
import { shareWithinBounds } from './boundedShares'
import { checkCovariance } from './checkCovariance'
import { equaliseRisk } from './equalRisk'
import { minimiseVariance } from './minimumVariance'
import { roundShares } from './roundShares'
import {
  leastObservations,
  type ShareLimits,
  type Shares,
  type WeighedAsset,
  type WeightingOptions,
  type WeightingScheme,
  type WeightProposal,
  type WeightRefusal,
} from './scheme'

type Placed = WeighedAsset & { readonly position: number }

/**
 * Proposes weights by a scheme. Nothing depends on the order of the assets. In basis points, exactly 10 000 in sum; the stable assets'
 * share first where one is set, the rest by the scheme, within cap and floor to the basis point.
 */
export function proposeWeights(
  scheme: WeightingScheme,
  assets: readonly WeighedAsset[],
  options: WeightingOptions,
): WeightProposal {
  const refuse = (reason: WeightRefusal): WeightProposal => ({ status: 'infeasible', scheme, reason })
  const ordered = assets
    .map((asset, position): Placed => ({ ...asset, position }))
    .sort((a, b) => (a.assetId < b.assetId ? -1 : 1))
  const stableShareBps = options.stableShareBps
  const isApart = ({ isStable }: Placed) => stableShareBps !== undefined && isStable
  const stable = ordered.filter(isApart)
  const weighed = ordered.filter((asset) => !isApart(asset))
  const total = bpsWhole - (stableShareBps ?? 0)

  const refusal =
    refuseAssets(ordered, options) ?? refuseGroups(stable, weighed, options) ?? refuseLimits(weighed, total, options)
  if (refusal) return refuse(refusal)

  const limits = { total, least: options.floorBps, most: options.capBps }
  const ruled =
    weighed.length === 0
      ? { status: 'shared' as const, shares: [] }
      : shareBy(scheme, weighed, { assets, options, limits })
  if (ruled.status === 'infeasible') return refuse(ruled.reason)
  const apart = { total: bpsWhole - total, least: 0, most: bpsWhole }
  const weights = new Map([
    ...place(weighed, roundShares(ruled.shares, limits)),
    ...place(stable, roundShares(equally(stable, apart.total), apart)),
  ])
  return {
    status: 'proposed',
    scheme,
    weights: assets.map(
      ({ assetId }, position): TargetWeight => ({ assetId, weightBps: toBps(weights.get(position) ?? 0) }),
    ),
    ...(options.asOfSeconds === undefined ? {} : { asOfSeconds: options.asOfSeconds }),
  }
}

const equally = (assets: readonly Placed[], total: number) => assets.map(() => total / assets.length)

const place = (assets: readonly Placed[], shares: readonly number[]) =>
  assets.map(({ position }, row) => [position, shares[row] as number] as const)

function refuseAssets(ordered: readonly Placed[], { floorBps, capBps }: WeightingOptions): WeightRefusal | undefined {
  if (ordered.length === 0) return { kind: 'noAssets' }
  const twice = ordered.find(({ assetId }, row) => row > 0 && ordered[row - 1]?.assetId === assetId)
  if (twice) return { kind: 'duplicateAsset', assetId: twice.assetId }
  if (floorBps > capBps) return { kind: 'floorAboveCap', floorBps, capBps }
  return undefined
}

function refuseGroups(
  stable: readonly Placed[],
  weighed: readonly Placed[],
  { stableShareBps = toBps(0) }: WeightingOptions,
): WeightRefusal | undefined {
  if (stableShareBps > 0 && stable.length === 0) return { kind: 'noStableAsset', stableShareBps }
  if (stableShareBps < bpsWhole && weighed.length === 0) return { kind: 'onlyStableAssets', stableShareBps }
  return undefined
}

function refuseLimits(
  weighed: readonly Placed[],
  total: number,
  { floorBps, capBps }: WeightingOptions,
): WeightRefusal | undefined {
  const assetCount = weighed.length
  if (assetCount === 0) return undefined
  if (capBps * assetCount < total) {
    return { kind: 'capBelowEqual', capBps, leastCapBps: Math.ceil(total / assetCount), assetCount }
  }
  if (floorBps * assetCount > total) {
    return { kind: 'floorsAboveRoom', floorBps, mostFloorBps: Math.floor(total / assetCount), assetCount }
  }
  return undefined
}

type Request = {
  readonly assets: readonly WeighedAsset[]
  readonly options: WeightingOptions
  readonly limits: ShareLimits
}

function shareBy(scheme: WeightingScheme, weighed: readonly Placed[], request: Request): Shares {
  switch (scheme) {
    case 'equal':
      return shareScores(
        weighed,
        weighed.map(() => 1),
        request.limits,
      )
    case 'given':
      return shareGiven(weighed, request.limits)
    case 'marketCap':
      return shareMarketCap(weighed, request.limits, (marketCap) => marketCap)
    case 'squareRootMarketCap':
      return shareMarketCap(weighed, request.limits, Math.sqrt)
    case 'inverseVolatility':
      return shareInverseVolatility(weighed, request)
    case 'minimumVariance':
    case 'equalRisk':
      return shareCovariance(scheme, weighed, request)
    default:
      return assertNever(scheme)
  }
}

const refuse = (reason: WeightRefusal): Shares => ({ status: 'infeasible', reason })
const isPositive = (value: number | undefined): value is number =>
  value !== undefined && value > 0 && Number.isFinite(value)
const idsOf = (assets: readonly Placed[]) => assets.map(({ assetId }) => assetId)

function shareScores(weighed: readonly Placed[], scores: readonly number[], limits: ShareLimits): Shares {
  // Scores of any size: only what they are to each other matters, and nothing overflows.
  const largest = Math.max(...scores)
  const shared = shareWithinBounds(
    scores.map((score) => (largest > 0 ? score / largest : 0)),
    limits,
  )
  if (shared.status === 'shared') return shared
  const assetIds = idsOf(weighed.filter((_, row) => !((scores[row] as number) > 0)))
  return refuse({ kind: 'zeroGivenWeights', assetIds, unplacedBps: shared.unplaced })
}

function shareGiven(weighed: readonly Placed[], limits: ShareLimits): Shares {
  const unknown = weighed.filter(({ givenWeight }) => givenWeight !== 0 && !isPositive(givenWeight))
  if (unknown.length > 0) return refuse({ kind: 'missingGivenWeight', assetIds: idsOf(unknown) })
  return shareScores(
    weighed,
    weighed.map(({ givenWeight = 0 }) => givenWeight),
    limits,
  )
}

function shareMarketCap(
  weighed: readonly Placed[],
  limits: ShareLimits,
  toScore: (marketCap: number) => number,
): Shares {
  const unknown = weighed.filter(({ marketCapUsd }) => !isPositive(marketCapUsd))
  if (unknown.length > 0) return refuse({ kind: 'missingMarketCap', assetIds: idsOf(unknown) })
  return shareScores(
    weighed,
    weighed.map(({ marketCapUsd = 0 }) => toScore(marketCapUsd)),
    limits,
  )
}

function refuseHistory({ observationCount }: WeightingOptions): WeightRefusal | undefined {
  if (observationCount === undefined || observationCount >= leastObservations) return undefined
  return { kind: 'tooLittleHistory', observationCount, leastCount: leastObservations }
}

function shareInverseVolatility(weighed: readonly Placed[], { options, limits }: Request): Shares {
  const short = refuseHistory(options)
  if (short) return refuse(short)
  const volatilities = weighed.map(({ volatility, position }) => {
    const variance = options.covariance?.[position]?.[position]
    return volatility ?? (variance === undefined ? undefined : Math.sqrt(variance))
  })
  const still = weighed.filter((_, row) => volatilities[row] === 0)
  if (still.length > 0) return refuse({ kind: 'zeroVolatility', assetIds: idsOf(still) })
  const unknown = weighed.filter((_, row) => !isPositive(volatilities[row]))
  if (unknown.length > 0) return refuse({ kind: 'missingVolatility', assetIds: idsOf(unknown) })
  return shareScores(
    weighed,
    volatilities.map((volatility) => 1 / (volatility as number)),
    limits,
  )
}

function shareCovariance(
  scheme: 'minimumVariance' | 'equalRisk',
  weighed: readonly Placed[],
  { assets, options, limits }: Request,
): Shares {
  const short = refuseHistory(options)
  if (short) return refuse(short)
  const checked = checkCovariance(
    options.covariance,
    assets.map(({ assetId }) => assetId),
    weighed.map(({ position }) => position),
  )
  if (checked.status === 'infeasible') return checked
  // Fractions of the whole inside, so that tolerances mean the same for every scheme.
  const fractions = { total: limits.total / bpsWhole, least: limits.least / bpsWhole, most: limits.most / bpsWhole }
  const inBps = (shares: readonly number[]): Shares => ({
    status: 'shared',
    shares: shares.map((share) => share * bpsWhole),
  })
  if (limits.total === 0) return inBps(weighed.map(() => 0))
  if (scheme === 'minimumVariance') return inBps(minimiseVariance(checked.covariance, fractions))
  const equal = equaliseRisk(checked.correlation, checked.deviations, fractions)
  return equal.status === 'shared' ? inBps(equal.shares) : refuse({ kind: 'risksUnequal' })
}
