import { formatPercent } from '@/components/format/formatPercent'
import { formatDriftPp, formatUsd, formatWeight } from '@/lib/core/numbers/format'
import type { Portfolio } from '@/lib/core/portfolio/portfolio'
import type { PlanOutcome } from '@/lib/core/rebalance/plan'
import { assertNever } from '@/lib/core/units'

/**
 * The line below the total.
 * @example 'Drift 6.2 % · 2 of 7 assets out of band · furthest ETH +4.1 pp'
 */
export function describePortfolio(portfolio: Portfolio, hasTargets: boolean): string {
  switch (portfolio.status) {
    case 'empty':
      return 'No listed asset is held'
    case 'unknown':
      return 'What is held could not be read or priced'
    case 'funded': {
      if (!hasTargets) return 'No targets yet. Set what each asset is meant to make up, to see the drift.'
      const { driftBps, outOfBandCount, positions } = portfolio
      const wanted = positions.filter(({ weightBps, targetBps }) => weightBps > 0 || targetBps > 0)
      const [furthest] = [...wanted].sort((a, b) => Math.abs(b.driftBps) - Math.abs(a.driftBps))
      const parts = [
        `Drift ${formatWeight(driftBps)}`,
        outOfBandCount === 0
          ? `all ${wanted.length} assets in band`
          : `${outOfBandCount} of ${wanted.length} assets out of band`,
      ]
      if (outOfBandCount > 0 && furthest !== undefined) {
        parts.push(`furthest ${furthest.assetId} ${formatDriftPp(furthest.driftBps)}`)
      }
      return parts.join(' · ')
    }
    default:
      return assertNever(portfolio)
  }
}

/**
 * What a plan would cost, where there is one.
 * @example 'a plan costs about $3.10 (0.06 %)'
 */
export function describePlanCost(outcome: PlanOutcome): string | undefined {
  if (outcome.status !== 'planned') return undefined
  const { totalUsd, totalCentiBps } = outcome.plan.cost
  return `a plan costs about ${formatUsd(totalUsd)} (${formatPercent(totalCentiBps / 100)})`
}
