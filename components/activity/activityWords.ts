import { formatBps } from '@/components/format/formatBps'
import type { Tone } from '@/components/ui/Badge'
import { isKnown, type OrUnknown, type Receipt } from '@/lib/core/activity/receipt'
import type { UndoTargets } from '@/lib/core/activity/undoTargets'
import { formatTokenAmount, formatUsd, unknownText } from '@/lib/core/numbers/format'
import { assertNever } from '@/lib/core/units'
import type { Standing } from '@/lib/query/activityStandingQuery'

/** A word about where a transaction stands, with its colour and what it means. */
export type StandingWords = { readonly text: string; readonly tone: Tone; readonly meaning: string }

/** Says what the chain shows of a transaction; before it was asked, only that it was recorded. */
export function describeStanding(standing: Standing | undefined): StandingWords {
  if (standing === undefined) {
    return { text: 'recorded', tone: 'neutral', meaning: 'Kept on this device. The chain has not been asked yet.' }
  }
  switch (standing.status) {
    case 'final':
      return { text: 'final', tone: 'ok', meaning: 'The chain does not take this block back any more.' }
    case 'included':
      return {
        text: 'included',
        tone: 'ok',
        meaning: `In block ${standing.blockNumber}. Until the block is final, a reorganisation could take it back.`,
      }
    case 'reverted':
      return {
        text: 'reverted',
        tone: 'danger',
        meaning: `In block ${standing.blockNumber} it was executed again and reverted: nothing was traded.`,
      }
    case 'missing':
      return {
        text: 'not on this chain',
        tone: 'warn',
        meaning:
          'The chain does not show this transaction. It may have been undone, or belong to another run of a local chain.',
      }
    default:
      return assertNever(standing)
  }
}

/** The whole cost in dollars and basis points of what was held. */
export function describeCost({ cost }: Pick<Receipt, 'cost'>): string {
  if (!isKnown(cost.totalUsd)) return 'not known'
  const share = isKnown(cost.totalCentiBps) ? ` (${formatBps(cost.totalCentiBps)})` : ''
  return `${formatUsd(cost.totalUsd)}${share}`
}

/** How long it took from the plan's block to the one that includes it. */
export function describeLatency(latencyBlocks: bigint): string {
  return latencyBlocks === 1n ? '1 block after its quotes' : `${latencyBlocks} blocks after its quotes`
}

/** Received less another figure, in basis points of that figure, rounded down; a dash where either is not known. */
export function describeDifference(received: OrUnknown<bigint>, against: OrUnknown<bigint>): string {
  if (!isKnown(received) || !isKnown(against) || against === 0n) return unknownText
  const scaled = (received - against) * 1_000_000n
  const down = scaled < 0n && scaled % against !== 0n ? scaled / against - 1n : scaled / against
  return down === 0n ? 'as much' : `${down > 0n ? '+' : ''}${formatBps(Number(down))}`
}

type Amount = { readonly amount: OrUnknown<bigint>; readonly decimals: number; readonly symbol: string }

/** Amounts in a row: `500 USDC, 0.25 ETH`. */
export function listAmounts(amounts: readonly Amount[]): string {
  return amounts
    .map(
      ({ amount, decimals, symbol }) =>
        `${isKnown(amount) ? formatTokenAmount(amount, decimals) : 'an unknown amount of'}\u00a0${symbol}`,
    )
    .join(', ')
}

/** Why there is no way back to before a rebalance. */
export function describeUndoRefusal(why: Exclude<UndoTargets, { readonly status: 'composed' }>): string {
  switch (why.status) {
    case 'unlisted':
      return `${why.assetIds.join(', ')} is not on the list of this chain any more, so no plan leads back to it.`
    case 'tooMany':
      return `${why.count} assets were held. A plan takes at most 30.`
    case 'nothingBefore':
      return 'Nothing that was held before had a known value.'
    default:
      return assertNever(why)
  }
}

const shownTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** When it happened, by this device's calendar: the block's own time, else that of the quotes. */
export function describeTime({ included, planned }: Pick<Receipt, 'included' | 'planned'>): {
  readonly text: string
  readonly iso: string
} {
  const seconds = isKnown(included.timestamp) ? included.timestamp : planned.timestamp
  const date = new Date(seconds * 1_000)
  return { text: shownTime.format(date), iso: date.toISOString() }
}
