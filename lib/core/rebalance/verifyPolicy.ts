import { openPolicy, rebalanceMode, ruleOf } from '../policy/policy'
import type { ProjectedPosition, RebalancePlan } from './plan'
import { demand, freshPriceOf, type Readings, whole } from './planPromises'
import type { PlanRequest } from './planRequest'

/** Paths end this much of the portfolio (1 bps) off their shares where that saves a leg (`attemptPlan`). */
const tolerance = 1n

/**
 * Holds a plan against what the person has laid down, from the plan's own amounts: what is never traded, what goes one way only, minimum
 * and maximum weights, the cap on what is sold, reserves, and what the plan is for.
 * @throws {UnverifiedPlanError} when a limit is broken.
 */
export function verifyPolicy(plan: RebalancePlan, request: PlanRequest, readings: Readings): void {
  const policy = request.settings.policy ?? openPolicy
  const mode = request.mode ?? rebalanceMode
  const { spendings, purchases, positions } = plan
  const nowUsd = positions.reduce((sum, row) => sum + row.nowUsd, 0n)
  const endUsd = positions.reduce((sum, row) => sum + row.projectedUsd, 0n)
  // What trading costs cannot be where it was to be.
  const lostUsd = nowUsd > endUsd ? nowUsd - endUsd : 0n
  const rowOf = new Map<string, ProjectedPosition>(positions.map((row) => [row.assetId, row]))
  for (const { assetId } of [...spendings, ...purchases]) {
    const { participation } = ruleOf(policy, assetId)
    demand(
      participation !== 'locked' && participation !== 'excluded',
      'policy',
      `${assetId} is traded although ${participation}`,
    )
  }
  for (const { assetId } of spendings) {
    const { participation, minimumBps } = ruleOf(policy, assetId)
    demand(participation !== 'buyOnly', 'policy', `${assetId} is sold although it is only to be bought`)
    const least = whole * (rowOf.get(assetId)?.projectedUsd ?? 0n) + whole * lostUsd
    demand(
      mode.kind === 'withdraw' || least >= (BigInt(minimumBps ?? 0) - tolerance) * endUsd,
      'policy',
      `${assetId} is sold below its minimum weight`,
    )
  }
  for (const { assetId } of purchases) {
    const { participation, maximumBps } = ruleOf(policy, assetId)
    demand(participation !== 'sellOnly', 'policy', `${assetId} is bought although it is only to be sold`)
    const isCash = mode.kind !== 'rebalance' && mode.assetId === assetId
    const most = whole * (rowOf.get(assetId)?.projectedUsd ?? 0n)
    demand(
      isCash || maximumBps === undefined || most <= (BigInt(maximumBps) + tolerance) * endUsd,
      'policy',
      `${assetId} is bought above its maximum weight`,
    )
  }
  if (policy.turnoverCapBps !== undefined) {
    const soldUsd = spendings.reduce((sum, { assetId, amount }) => {
      const { usd, unit } = freshPriceOf(readings, assetId)
      return sum + (amount * usd) / unit
    }, 0n)
    const most = (BigInt(policy.turnoverCapBps) + tolerance) * nowUsd + whole * lostUsd
    demand(whole * soldUsd <= most, 'policy', 'more is sold than the cap allows')
  }
  const { cashReserve } = policy
  const reserved = cashReserve && rowOf.get(cashReserve.assetId)
  if (cashReserve && reserved && spendings.some(({ assetId }) => assetId === cashReserve.assetId)) {
    demand(reserved.projectedAmount >= cashReserve.amount, 'policy', `the reserve of ${cashReserve.assetId} is sold`)
  }
  verifyMode(plan, mode)
}

function verifyMode({ spendings, purchases }: RebalancePlan, mode: NonNullable<PlanRequest['mode']>): void {
  switch (mode.kind) {
    case 'rebalance':
      return
    case 'investCash': {
      demand(
        spendings.every(({ assetId }) => assetId === mode.assetId),
        'policy',
        'something else than the cash is sold',
      )
      const spent = spendings.reduce((sum, { amount }) => sum + amount, 0n)
      demand(spent <= mode.amount, 'policy', 'more cash is spent than asked for')
      return
    }
    case 'raiseCash':
    case 'withdraw':
      demand(
        purchases.every(({ assetId }) => assetId === mode.assetId),
        'policy',
        'something else than the cash is bought',
      )
  }
}
