import { formatPercent } from '@/components/format/formatPercent'
import type { PolicyIssue } from '@/lib/core/policy/checkPolicy'
import type { PlanMode } from '@/lib/core/policy/policy'
import { assertNever, bpsWhole } from '@/lib/core/units'

const verbOf: Readonly<Record<Exclude<PlanMode['kind'], 'rebalance'>, string>> = {
  investCash: 'invest',
  raiseCash: 'raise',
  withdraw: 'withdraw',
}

const verb = (mode: PlanMode['kind']) => (mode === 'rebalance' ? 'trade' : verbOf[mode])

/** Says what in limits contradicts each other, and what to change. */
export function describePolicyIssue(issue: PolicyIssue): string {
  switch (issue.kind) {
    case 'targetAboveMaximum':
      return `${issue.assetId} has a target of ${formatPercent(issue.targetBps)} and a maximum of ${formatPercent(issue.limitBps)}. Lower the target or raise the maximum.`
    case 'targetBelowMinimum':
      return `${issue.assetId} has a target of ${formatPercent(issue.targetBps)} and a minimum of ${formatPercent(issue.limitBps)}. Raise the target or lower the minimum.`
    case 'minimumAboveMaximum':
      return `The minimum of ${issue.assetId} (${formatPercent(issue.minimumBps)}) is above its maximum (${formatPercent(issue.maximumBps)}). Change one of them.`
    case 'edgeAboveBand':
      return `${issue.assetId} is to be brought back to ${formatPercent(issue.edgeBps)} from its target, but its band is only ${formatPercent(issue.bandBps)} wide. Choose at most the band.`
    case 'targetExcluded':
      return `${issue.assetId} is excluded and has a target of ${formatPercent(issue.targetBps)}. Set its target to 0, or let it count.`
    case 'minimumsAboveWhole':
      return `All minimums together are ${formatPercent(issue.sumBps)}. Take off ${formatPercent(issue.sumBps - bpsWhole)}.`
    case 'ruledTwice':
      return `${issue.assetId} has two sets of limits. Keep one.`
    case 'reserveNotStable':
      return `The cash reserve is in ${issue.assetId}, which is not a stable asset. Choose a stable one.`
    case 'reserveNegative':
      return `The cash reserve in ${issue.assetId} is negative. Enter 0 or more.`
    case 'cashNotTraded':
      return `${issue.assetId} may not be traded this way, so nothing can be done to ${verb(issue.mode)} it. Change its limits or choose another asset.`
    case 'amountNotPositive':
      return `Enter how much ${issue.assetId} to ${verb(issue.mode)}.`
    default:
      return assertNever(issue)
  }
}
