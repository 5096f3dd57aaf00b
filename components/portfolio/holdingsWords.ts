import { formatAge } from '@/components/format/formatAge'
import { formatTokenAmount } from '@/lib/core/numbers/format'
import type { Position } from '@/lib/core/portfolio/portfolio'
import type { PriceReading } from '@/lib/core/snapshot'
import { assertNever } from '@/lib/core/units'

/** What is held of one token of an asset, in words. */
export type BalancePart = { readonly symbol: string; readonly text: string; readonly isUnreadable: boolean }

/**
 * The tokens that make up a position: those that are held or cannot be read, else the first one with nothing.
 * @example [{ symbol: 'ETH', text: '12' }, { symbol: 'WETH', text: '3' }]
 */
export function selectBalanceParts({ tokens, asset }: Pick<Position, 'tokens' | 'asset'>): readonly BalancePart[] {
  const parts = tokens.flatMap(({ token, balance }): readonly BalancePart[] => {
    if (balance.status === 'unreadable') return [{ symbol: token.symbol, text: '–', isUnreadable: true }]
    if (balance.amount === 0n) return []
    return [{ symbol: token.symbol, text: formatTokenAmount(balance.amount, token.decimals), isUnreadable: false }]
  })
  return parts.length > 0 ? parts : [{ symbol: asset.tokens[0].symbol, text: '0', isUnreadable: false }]
}

/** What there is to say of a price: how old it is, or why it is not there. `tone` is `warn` where no plan can use it. */
export type PriceNote = { readonly text: string; readonly tone: 'quiet' | 'warn'; readonly explanation: string }

const invalidWords: Record<Extract<PriceReading, { status: 'invalid' }>['reason'], string> = {
  notPositive: 'Its feed answers with zero or less.',
  fromFuture: 'Its feed answers with a time that lies ahead of the chain.',
  wrongDecimals: 'Its feed answers in another unit than expected.',
  unreadable: 'Its feed could not be read.',
}

/** Words for a price at a block's time (Unix seconds). */
export function describePrice(price: PriceReading, blockTimestamp: number): PriceNote {
  switch (price.status) {
    case 'fresh':
      return {
        text: formatAge(blockTimestamp - price.updatedAt),
        tone: 'quiet',
        explanation: 'Age of the feed’s answer at the block that was read.',
      }
    case 'stale':
      return {
        text: `stale, ${formatAge(blockTimestamp - price.updatedAt)}`,
        tone: 'warn',
        explanation: `The feed’s answer is older than ${formatAge(price.maxAgeSeconds)}. No plan uses it.`,
      }
    case 'invalid':
      return { text: 'unpriced', tone: 'warn', explanation: `${invalidWords[price.reason]} No plan uses it.` }
    case 'noFeed':
      return { text: 'unpriced', tone: 'warn', explanation: 'No price feed is known for it. No plan uses it.' }
    default:
      return assertNever(price)
  }
}

/** Drift that all band bars show at their ends: the widest one, and at least twice the band. */
export function selectBandScale(positions: readonly Pick<Position, 'driftBps'>[], bandBps: number): number {
  const widest = Math.max(0, ...positions.map(({ driftBps }) => Math.abs(driftBps)))
  return Math.max(widest * 1.05, bandBps * 2, 100)
}
