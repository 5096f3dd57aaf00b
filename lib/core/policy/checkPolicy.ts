import type { Asset, AssetId } from '../asset'
import type { PlanSettings, Targets } from '../targets'
import { bpsWhole } from '../units'
import { bandOf, openPolicy, type PlanMode, ruleOf } from './policy'

/** Limits that cannot hold together, and which to change. Each is a state that a person can be in. */
export type PolicyIssue =
  | {
      readonly kind: 'targetAboveMaximum'
      readonly assetId: AssetId
      readonly targetBps: number
      readonly limitBps: number
    }
  | {
      readonly kind: 'targetBelowMinimum'
      readonly assetId: AssetId
      readonly targetBps: number
      readonly limitBps: number
    }
  | {
      readonly kind: 'minimumAboveMaximum'
      readonly assetId: AssetId
      readonly minimumBps: number
      readonly maximumBps: number
    }
  | { readonly kind: 'edgeAboveBand'; readonly assetId: AssetId; readonly edgeBps: number; readonly bandBps: number }
  /** An asset without a place in the portfolio has a share of it. */
  | { readonly kind: 'targetExcluded'; readonly assetId: AssetId; readonly targetBps: number }
  | { readonly kind: 'minimumsAboveWhole'; readonly sumBps: number }
  | { readonly kind: 'ruledTwice'; readonly assetId: AssetId }
  | { readonly kind: 'reserveNotStable'; readonly assetId: AssetId }
  | { readonly kind: 'reserveNegative'; readonly assetId: AssetId }
  /** A plan for cash in an asset that may not be traded this way. */
  | { readonly kind: 'cashNotTraded'; readonly assetId: AssetId; readonly mode: PlanMode['kind'] }
  | { readonly kind: 'amountNotPositive'; readonly assetId: AssetId; readonly mode: PlanMode['kind'] }

/**
 * Finds what in targets, limits and mode contradicts each other, asset by asset.
 * @returns nothing where all of it can hold.
 */
export function checkPolicy({
  targets,
  settings,
  assets,
  mode,
}: {
  readonly targets: Targets
  readonly settings: Pick<PlanSettings, 'bandBps' | 'policy'>
  readonly assets: readonly Pick<Asset, 'id' | 'isStable'>[]
  readonly mode?: PlanMode | undefined
}): readonly PolicyIssue[] {
  const policy = settings.policy ?? openPolicy
  const targetOf = new Map(targets.weights.map(({ assetId, weightBps }) => [assetId, Number(weightBps)]))
  const issues: PolicyIssue[] = []
  const seen = new Set<AssetId>()
  for (const { assetId, participation, minimumBps, maximumBps, edgeBps } of policy.rules) {
    if (seen.has(assetId)) issues.push({ kind: 'ruledTwice', assetId })
    seen.add(assetId)
    const targetBps = targetOf.get(assetId) ?? 0
    const bandBps = bandOf(settings, assetId)
    if (participation === 'excluded') {
      if (targetBps > 0) issues.push({ kind: 'targetExcluded', assetId, targetBps })
      continue
    }
    if (minimumBps !== undefined && maximumBps !== undefined && minimumBps > maximumBps) {
      issues.push({ kind: 'minimumAboveMaximum', assetId, minimumBps, maximumBps })
    } else if (maximumBps !== undefined && targetBps > maximumBps) {
      issues.push({ kind: 'targetAboveMaximum', assetId, targetBps, limitBps: maximumBps })
    } else if (minimumBps !== undefined && targetBps < minimumBps) {
      issues.push({ kind: 'targetBelowMinimum', assetId, targetBps, limitBps: minimumBps })
    }
    if (edgeBps !== undefined && edgeBps > bandBps) issues.push({ kind: 'edgeAboveBand', assetId, edgeBps, bandBps })
  }
  const sumBps = policy.rules.reduce((sum, { minimumBps }) => sum + (minimumBps ?? 0), 0)
  if (sumBps > bpsWhole) issues.push({ kind: 'minimumsAboveWhole', sumBps })
  const { cashReserve } = policy
  if (cashReserve !== undefined) {
    const { assetId, amount } = cashReserve
    if (assets.find(({ id }) => id === assetId)?.isStable !== true) issues.push({ kind: 'reserveNotStable', assetId })
    if (amount < 0n) issues.push({ kind: 'reserveNegative', assetId })
  }
  if (mode !== undefined && mode.kind !== 'rebalance') {
    const { participation } = ruleOf(policy, mode.assetId)
    const isClosed = participation === (mode.kind === 'investCash' ? 'buyOnly' : 'sellOnly')
    const isOut = participation === 'locked' || participation === 'excluded'
    if (isClosed || isOut) issues.push({ kind: 'cashNotTraded', assetId: mode.assetId, mode: mode.kind })
    if (mode.amount <= 0n) issues.push({ kind: 'amountNotPositive', assetId: mode.assetId, mode: mode.kind })
  }
  return issues
}
