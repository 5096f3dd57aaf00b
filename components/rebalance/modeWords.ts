import type { Asset } from '@/lib/core/asset'
import { formatTokenAmount } from '@/lib/core/numbers/format'
import type { PlanMode } from '@/lib/core/policy/policy'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { assertNever } from '@/lib/core/units'
import { findAsset } from './planView'

/** What a plan can be for, in the order in which it is offered. */
export const modes: readonly { readonly kind: PlanMode['kind']; readonly text: string }[] = [
  { kind: 'rebalance', text: 'Rebalance' },
  { kind: 'investCash', text: 'Invest cash' },
  { kind: 'raiseCash', text: 'Raise cash' },
  { kind: 'withdraw', text: 'Withdraw' },
]

/** What a mode does, before there is an amount. */
export function describeModeKind(kind: Exclude<PlanMode['kind'], 'rebalance'>): string {
  switch (kind) {
    case 'investCash':
      return 'Buys only: spends cash on what is furthest below its target.'
    case 'raiseCash':
      return 'Sells only: what is furthest above its target becomes cash.'
    case 'withdraw':
      return 'Sells the same part of everything, so that cash can leave and the weights stay.'
    default:
      return assertNever(kind)
  }
}

/**
 * What a plan of a mode does, in one sentence; nothing for a rebalance, whose aim is described on its own.
 * @example 'Spends 1,000 USDC on what is furthest below its target.'
 */
export function describeMode(mode: PlanMode, plan: Pick<RebalancePlan, 'spendings'>, assets: readonly Asset[]) {
  if (mode.kind === 'rebalance') return undefined
  const write = (amount: bigint) =>
    `${formatTokenAmount(amount, findAsset(assets, mode.assetId)?.decimals ?? 18)} ${mode.assetId}`
  switch (mode.kind) {
    case 'investCash': {
      const spent = plan.spendings.reduce(
        (sum, { assetId, amount }) => (assetId === mode.assetId ? sum + amount : sum),
        0n,
      )
      return spent < mode.amount
        ? `Spends ${write(spent)} of the ${write(mode.amount)} on what is furthest below its target.`
        : `Spends ${write(spent)} on what is furthest below its target.`
    }
    case 'raiseCash':
      return `Sells what is furthest above its target, so that at least ${write(mode.amount)} more are in the wallet.`
    case 'withdraw':
      return `Sells the same part of everything, so that ${write(mode.amount)} can leave and the weights stay.`
    default:
      return assertNever(mode)
  }
}

/** Asks for the amount of a mode. */
export function askForAmount(kind: Exclude<PlanMode['kind'], 'rebalance'>, assetId: string): string {
  switch (kind) {
    case 'investCash':
      return `Enter how much ${assetId} to invest. The plan follows as you type.`
    case 'raiseCash':
      return `Enter how much ${assetId} to raise. The plan follows as you type.`
    case 'withdraw':
      return `Enter how much ${assetId} is to leave. The plan follows as you type.`
    default:
      return assertNever(kind)
  }
}
