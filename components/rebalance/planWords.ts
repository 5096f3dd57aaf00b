import { formatPercent } from '@/components/format/formatPercent'
import { describePolicyIssue } from '@/components/policy/policyWords'
import type { AssetId } from '@/lib/core/asset'
import { formatTokenAmount, formatUsd } from '@/lib/core/numbers/format'
import type { PlanObstacle, SkipReason } from '@/lib/core/rebalance/plan'
import { assertNever } from '@/lib/core/units'
import type { MinimumMove, PlanChange } from '@/lib/query/planInputs'

/** Where a person can go from here. */
export type NextStep = 'readAgain' | 'editTargets' | 'openPortfolio'

/** Something that stands in the way, in words, with the step that leads on. */
export type Situation = {
  /** Stable name for tests and reports. */
  readonly code: string
  readonly title: string
  readonly body: string
  readonly next: NextStep
}

/** Joins names as a person would: `ETH`, `ETH and LINK`, `ETH, LINK and UNI`. */
export function joinNames(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

/** Says why an asset is not traded, or not fully. */
export function describeSkip(reason: SkipReason): string {
  switch (reason) {
    case 'inBand':
      return 'Inside its band'
    case 'belowMinimum':
      return 'Too small a trade for what its gas costs'
    case 'noRoute':
      return 'No pool leads there'
    case 'priceImpact':
      return 'The pools are too thin for more'
    case 'stalePrice':
      return 'Its price is too old'
    case 'unpriced':
      return 'It has no reliable price'
    case 'reserve':
      return 'Kept back as a reserve'
    case 'callBudget':
      return 'Left for a second part: the bundle is full'
    case 'legLimit':
      return 'Left out by the number of trades you chose'
    case 'unreadable':
      return 'Its balance could not be read'
    case 'locked':
      return 'Locked by you: it counts and is not traded'
    case 'excluded':
      return 'Excluded by you'
    case 'mayNotBuy':
      return 'You let it only be sold'
    case 'mayNotSell':
      return 'You let it only be bought'
    case 'weightLimit':
      return 'Stopped by its minimum or maximum weight'
    case 'mode':
      return 'This plan moves the other way only'
    case 'turnoverCap':
      return 'Goes part of its way: your turnover cap'
    case 'drought':
      return 'Left out of this plan by you: its pools are thin now'
    default:
      return assertNever(reason)
  }
}

function formatEther(wei: bigint): string {
  const milli = (wei + 10n ** 14n - 1n) / 10n ** 14n
  return `${(Number(milli) / 10_000).toString()} ETH`
}

/** Says why there is no plan although something is off its target, and what leads on. */
export function describeObstacle(obstacle: PlanObstacle): Situation {
  const code = obstacle.kind
  switch (obstacle.kind) {
    case 'unreadableBalances':
      return {
        code,
        title: `The balance of ${joinNames(obstacle.assetIds)} could not be read`,
        body: 'An unknown balance is not zero, so no plan is made from it. Read the chain again.',
        next: 'readAgain',
      }
    case 'unpricedAssets':
      return {
        code,
        title: `${joinNames(obstacle.assetIds)} has no reliable price`,
        body: 'Without a price feed there is no floor to protect a trade. Set its target to what you hold, or leave it out.',
        next: 'editTargets',
      }
    case 'stalePrices':
      return {
        code,
        title: `The price of ${joinNames(obstacle.assetIds)} is too old`,
        body: 'The price feed has not answered within its time. Plans are made from fresh prices only.',
        next: 'readAgain',
      }
    case 'emptyWallet':
      return {
        code,
        title: 'There is nothing to rebalance in this wallet',
        body: 'It holds no listed asset with a price. Send something to it, then plan again.',
        next: 'openPortfolio',
      }
    case 'noRoute':
      return {
        code,
        title: `No pool leads to ${joinNames(obstacle.assetIds)}`,
        body: 'None of the pools that were read trades it against what you hold. Change its target to go on.',
        next: 'editTargets',
      }
    case 'priceImpact':
      return {
        code,
        title: `Price impact of ${formatPercent(obstacle.impactBps)} is above the limit of 5 %`,
        body: `Trading ${joinNames(obstacle.assetIds)} like this would lose ${formatUsd(obstacle.lossUsd)} to thin pools. This cannot be clicked through. Move the targets closer to what you hold, and do it in steps.`,
        next: 'editTargets',
      }
    case 'belowOracleFloor':
      return {
        code,
        title: `The pools pay less for ${joinNames(obstacle.assetIds)} than its price feed allows`,
        body: 'The least that a swap would have to pay lies under the floor from the price feed. Wait until the pools and the feed agree again.',
        next: 'readAgain',
      }
    case 'notEnoughGas':
      return {
        code,
        title: 'There is not enough ETH for gas',
        body: `This plan needs ${formatEther(obstacle.needed)} to pay for gas, and the wallet holds ${formatEther(obstacle.held)}. Send some ETH to it, then plan again.`,
        next: 'readAgain',
      }
    case 'contradiction':
      return {
        code,
        title: 'Some of your limits contradict each other',
        body: obstacle.issues.map(describePolicyIssue).join(' '),
        next: 'editTargets',
      }
    case 'cashShort':
      return {
        code,
        title: `There is not enough for ${formatTokenAmount(obstacle.amount, obstacle.decimals)} ${obstacle.assetId}`,
        body: `After reserves and limits at most ${formatTokenAmount(obstacle.most, obstacle.decimals)} ${obstacle.assetId} can be used for this. Enter a smaller amount.`,
        next: 'readAgain',
      }
    default:
      return assertNever(obstacle)
  }
}

/** Says why a plan was made again. Several causes are told in one sentence. */
export function describeChanges(changes: readonly PlanChange[]): string {
  const assetsOf = (kind: 'price' | 'balance' | 'allowance'): readonly AssetId[] =>
    changes.flatMap((change) => (change.kind === kind ? [change.assetId] : []))
  const pools = changes.flatMap((change) => (change.kind === 'pool' ? [change.assetIds.join('/')] : []))
  const [prices, balances, allowances] = [assetsOf('price'), assetsOf('balance'), assetsOf('allowance')]
  const told = [
    ...(pools.length > 0 ? [`${joinNames([...new Set(pools)])} pools traded`] : []),
    ...(prices.length > 0 ? [`the price of ${joinNames(prices)} moved`] : []),
    ...(balances.length > 0 ? [`your balance of ${joinNames(balances)} changed`] : []),
    ...(allowances.length > 0 ? [`an allowance of ${joinNames(allowances)} changed`] : []),
    ...(changes.some(({ kind }) => kind === 'age') ? ['the plan grew old'] : []),
  ]
  return joinNames(told)
}

/** One moved minimum in words, amounts already written out: `LINK 10.2 → 10.1`. */
export function describeMinimumMove(move: MinimumMove, write: (assetId: AssetId, amount: bigint) => string): string {
  if (move.before === undefined) return `${move.assetId} is bought now`
  if (move.after === undefined) return `${move.assetId} is no longer bought`
  return `${move.assetId} ${write(move.assetId, move.before)} → ${write(move.assetId, move.after)}`
}
