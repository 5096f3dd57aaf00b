import { marketCaps } from '@/lib/config/marketCaps'
import type { Asset, AssetId } from '@/lib/core/asset'
import type { Matrix } from '@/lib/core/numbers/cholesky'
import type { TargetWeight } from '@/lib/core/targets'
import { parseWeightPercent, weightPercentText } from '@/lib/core/targetsText'
import { assertNever, bpsWhole, toBps } from '@/lib/core/units'
import { proposeWeights } from '@/lib/core/weighting/proposeWeights'
import { toRefusalText } from '@/lib/core/weighting/refusalText'
import type { WeighedAsset, WeightingScheme } from '@/lib/core/weighting/scheme'
import type { RiskState } from '@/lib/hooks/useRiskHistory'

/** A proposal while it is asked for: texts as typed. */
export type ProposalDraft = {
  readonly scheme: WeightingScheme
  readonly cap: string
  readonly floor: string
  /** Stable assets get a share of their own, where there are any. */
  readonly isStableApart: boolean
  /** Missing while it is what they have now. */
  readonly stableShare?: string
  /** Market caps in millions of dollars, for the assets that a person typed one for. */
  readonly millions: Readonly<Record<AssetId, string>>
}

/** What is known of the past of the assets that are weighed: a covariance with its rows by `ids`, or why there is none. */
export type WeighingHistory =
  | {
      readonly status: 'known'
      readonly ids: readonly AssetId[]
      readonly covariance: Matrix
      readonly observationCount: number
    }
  | { readonly status: 'unknown'; readonly message: string; readonly isLoading: boolean }

const otherScheme = 'Choose a scheme that needs none'

/** Takes what the feeds' past says for what a scheme needs. */
export function toWeighingHistory(risk: RiskState): WeighingHistory {
  const unknown = (message: string, isLoading = false) => ({ status: 'unknown', message, isLoading }) as const
  switch (risk.status) {
    case 'known':
      return {
        status: 'known',
        ids: risk.covariance.ids,
        covariance: risk.covariance.matrix,
        observationCount: risk.observations,
      }
    case 'loading':
      return unknown('Reading the daily prices of the feeds …', true)
    case 'failed':
      return unknown(`The node did not give the daily prices. ${otherScheme}, or try again later.`)
    case 'tooLittle':
      return unknown(
        `This needs at least ${risk.needed} days of history, and all assets share ${risk.days}. ${otherScheme}, or remove the youngest asset.`,
      )
    case 'unavailable':
      return unknown(
        `There is no history of ${risk.missing.map(({ assetId }) => assetId).join(', ')}. ${otherScheme}, or remove it.`,
      )
    case 'zeroVolatility':
      return unknown(toRefusalText({ kind: 'zeroVolatility', assetIds: risk.ids }))
    case 'notPositiveDefinite':
      return unknown(toRefusalText({ kind: 'covarianceNotPositiveDefinite', assetId: risk.id }))
    default:
      return assertNever(risk)
  }
}

/** The assets that a scheme weighs: all but stable ones that stand apart. */
export function listWeighedIds(
  { isStableApart }: Pick<ProposalDraft, 'isStableApart'>,
  weighing: Weighing,
): readonly AssetId[] {
  const apart = new Set(isStableApart ? selectStable(weighing).map(({ assetId }) => assetId) : [])
  return weighing.present.map(({ assetId }) => assetId).filter((id) => !apart.has(id))
}

/** What a draft comes to: weights to look at, or what to change. */
export type DraftProposal =
  | { readonly status: 'proposed'; readonly weights: readonly TargetWeight[] }
  | { readonly status: 'refused'; readonly field?: 'cap' | 'floor' | 'stableShare'; readonly message: string }
  | { readonly status: 'waiting'; readonly message: string }

/** How a proposal begins: equal weights without cap or floor, stable assets with the share that they have. */
export const blankProposal: ProposalDraft = {
  scheme: 'equal',
  cap: '100',
  floor: '0',
  isStableApart: true,
  millions: {},
}

type Weighing = Pick<ProposalRequest, 'assets' | 'present'>

/** The stable assets among those of the editor. */
export function selectStable({ assets, present }: Weighing): readonly TargetWeight[] {
  const stable = new Set(assets.filter(({ isStable }) => isStable).map(({ id }) => id))
  return present.filter(({ assetId }) => stable.has(assetId))
}

/** The share of stable assets as its text box shows it: what was typed, or what they have now; everything where there are no others. */
export function stableShareText({ stableShare }: Pick<ProposalDraft, 'stableShare'>, weighing: Weighing): string {
  const stable = selectStable(weighing)
  const sum = stable.reduce((total, { weightBps }) => total + weightBps, 0)
  const share = stable.length === weighing.present.length ? bpsWhole : Math.min(sum, bpsWhole)
  return stableShare ?? weightPercentText(toBps(share))
}

/** What a scheme goes by. */
export function needsOf(scheme: WeightingScheme): 'nothing' | 'marketCap' | 'history' {
  switch (scheme) {
    case 'equal':
    case 'given':
      return 'nothing'
    case 'marketCap':
    case 'squareRootMarketCap':
      return 'marketCap'
    case 'inverseVolatility':
    case 'minimumVariance':
    case 'equalRisk':
      return 'history'
    default:
      return assertNever(scheme)
  }
}

const million = 1e6

/** Dollars as millions in a text box: `271000`, `87.8`. */
export function toMillionsText(usd: number): string {
  return String(Number((usd / million).toFixed(1)))
}

/** The market cap of an asset as its text box shows it: what was typed, or the dated figure, or nothing. */
export function millionsText({ millions }: Pick<ProposalDraft, 'millions'>, assetId: AssetId): string {
  const known = marketCaps.find((entry) => entry.assetId === assetId)
  return millions[assetId] ?? (known === undefined ? '' : toMillionsText(known.usd))
}

function readMillions(text: string): number | undefined {
  const value = /^\d{1,9}(\.\d{1,6})?$/.test(text.trim()) ? Number(text.trim()) : 0
  return value > 0 ? value * million : undefined
}

export type ProposalRequest = {
  readonly draft: ProposalDraft
  readonly assets: readonly Asset[]
  /** What stands in the editor now, in its order. */
  readonly present: readonly TargetWeight[]
  readonly history: WeighingHistory | undefined
}

/** Weighs the assets of the editor by a scheme, or says what keeps it from that. Changes nothing. */
export function proposeDraft({ draft, assets, present, history }: ProposalRequest): DraftProposal {
  const cap = parseWeightPercent(draft.cap.trim())
  if (cap.status === 'refused') return { status: 'refused', field: 'cap', message: cap.message }
  const floor = parseWeightPercent(draft.floor.trim())
  if (floor.status === 'refused') return { status: 'refused', field: 'floor', message: floor.message }
  const isApart = draft.isStableApart && selectStable({ assets, present }).length > 0
  const stableShare = parseWeightPercent(isApart ? stableShareText(draft, { assets, present }).trim() : '0')
  if (stableShare.status === 'refused') return { status: 'refused', field: 'stableShare', message: stableShare.message }
  const past = needsOf(draft.scheme) === 'history' ? history : undefined
  if (past?.status === 'unknown') {
    return { status: past.isLoading ? 'waiting' : 'refused', message: past.message }
  }
  const weighed = present.map(({ assetId, weightBps }): WeighedAsset => {
    const marketCapUsd = readMillions(millionsText(draft, assetId))
    return {
      assetId,
      isStable: assets.find(({ id }) => id === assetId)?.isStable ?? false,
      givenWeight: weightBps,
      ...(marketCapUsd === undefined ? {} : { marketCapUsd }),
    }
  })
  const proposal = proposeWeights(draft.scheme, weighed, {
    capBps: cap.weightBps,
    floorBps: floor.weightBps,
    ...(isApart ? { stableShareBps: stableShare.weightBps } : {}),
    ...(past === undefined ? {} : selectHistory(past, weighed)),
  })
  if (proposal.status === 'infeasible') return { status: 'refused', message: toRefusalText(proposal.reason) }
  return { status: 'proposed', weights: proposal.weights }
}

/** The rows of the matrix for the assets that are weighed. What is not in it becomes not a number, which is refused by name. */
function selectHistory(
  { ids, covariance, observationCount }: Extract<WeighingHistory, { status: 'known' }>,
  assets: readonly WeighedAsset[],
) {
  const rows = assets.map(({ assetId }) => ids.indexOf(assetId))
  return {
    covariance: rows.map((row) => rows.map((column) => covariance[row]?.[column] ?? Number.NaN)),
    observationCount,
  }
}

/** How far a proposal is from what stands in the editor: half the sum of all differences, in basis points. */
export function measureShift(present: readonly TargetWeight[], proposed: readonly TargetWeight[]): number {
  const before = new Map(present.map(({ assetId, weightBps }) => [assetId, weightBps]))
  const sum = proposed.reduce(
    (total, { assetId, weightBps }) => total + Math.abs(weightBps - (before.get(assetId) ?? 0)),
    0,
  )
  return sum / 2
}
