import type { AssetId } from './asset'
import type { PlanPolicy } from './policy/policy'
import { type Bps, bpsWhole, toBps } from './units'

/** The wanted share of one asset. */
export type TargetWeight = { readonly assetId: AssetId; readonly weightBps: Bps }

/** What a person wants to hold on one chain. Weights sum to exactly 10 000; every asset stands once. */
export type Targets = { readonly weights: readonly TargetWeight[] }

/** How a plan may be made and signed. All limits are those of POLICY. */
export type PlanSettings = {
  /** An asset is out of band when its weight is further than this from its target. */
  readonly bandBps: Bps
  /** Allowed below the quote; at most 100 (1 %). Between two stable assets the smaller of this and `stableSlippageBps`. */
  readonly slippageBps: Bps
  readonly stableSlippageBps: Bps
  /** The user's own reserve of the native coin in base units; the larger of it and the computed one holds. */
  readonly nativeReserve: bigint
  /** Which assets are moved, and how far; missing where everything goes to its target. */
  readonly policy?: PlanPolicy
}

/** The most assets that targets may name. */
export const maxTargets = 30

/** Weights that do not sum to 10 000 basis points. */
export class WeightSumError extends Error {
  override readonly name = 'WeightSumError'
  constructor(readonly sumBps: number) {
    super(
      sumBps < bpsWhole
        ? `The weights sum to ${sumBps / 100} %. Add ${(bpsWhole - sumBps) / 100} %.`
        : `The weights sum to ${sumBps / 100} %. Take off ${(sumBps - bpsWhole) / 100} %.`,
    )
  }
}

/** An asset that stands more than once among the targets. */
export class DuplicateTargetError extends Error {
  override readonly name = 'DuplicateTargetError'
  constructor(readonly assetId: AssetId) {
    super(`${assetId} stands more than once among the targets. Keep one entry.`)
  }
}

/** An asset that is not on the chain's list. */
export class UnknownTargetError extends Error {
  override readonly name = 'UnknownTargetError'
  constructor(readonly assetId: AssetId) {
    super(`${assetId} is not a listed asset of this chain. Remove it or choose another.`)
  }
}

/** More assets than targets may name. */
export class TooManyTargetsError extends Error {
  override readonly name = 'TooManyTargetsError'
  constructor(readonly count: number) {
    super(`${count} assets have a target. Keep at most ${maxTargets}.`)
  }
}

/** A weight as it comes from a form, a link or a file: not yet checked. */
export type UncheckedWeight = { readonly assetId: string; readonly weightBps: number }

/** The sum of weights that need not be complete. */
export function sumOfWeights(weights: readonly { readonly weightBps: number }[]): number {
  return weights.reduce((sum, { weightBps }) => sum + weightBps, 0)
}

/**
 * Takes weights for targets.
 * @throws {TooManyTargetsError} when there are more than {@link maxTargets}.
 * @throws {UnknownTargetError} when an asset is not among the known ones.
 * @throws {DuplicateTargetError} when an asset stands twice.
 * @throws {InvalidBpsError} when a weight is not a whole number of basis points from 0 to 10 000.
 * @throws {WeightSumError} when the weights do not sum to exactly 10 000.
 */
export function toTargets(weights: readonly UncheckedWeight[], knownAssetIds: readonly AssetId[]): Targets {
  if (weights.length > maxTargets) throw new TooManyTargetsError(weights.length)
  const known = new Set(knownAssetIds)
  const seen = new Set<AssetId>()
  const checked = weights.map(({ assetId, weightBps }) => {
    if (!known.has(assetId)) throw new UnknownTargetError(assetId)
    if (seen.has(assetId)) throw new DuplicateTargetError(assetId)
    seen.add(assetId)
    return { assetId, weightBps: toBps(weightBps) }
  })
  const sumBps = sumOfWeights(checked)
  if (sumBps !== bpsWhole) throw new WeightSumError(sumBps)
  return { weights: checked }
}
