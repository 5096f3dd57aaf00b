import type { Feed } from '@/lib/core/asset'
import type { PriceReading } from '@/lib/core/snapshot'
import { toUsd } from '@/lib/core/units'
import type { ReadResult } from './aggregate3'
import { signedWordAt, wordAt } from './words'

const usdDecimals = 18

/** How old an answer may be: the heartbeat, a tenth more, and five minutes. */
export function maxPriceAgeSeconds({ heartbeatSeconds }: Feed): number {
  return Math.floor((heartbeatSeconds * 11) / 10) + 300
}

/** An answer of a feed in dollars x 1e18: {usd x 1e18} = {answer x 10^decimals} * 10^18 / 10^decimals, rounded down. */
export function scaleToUsd(answer: bigint, decimals: number): bigint {
  return (answer * 10n ** BigInt(usdDecimals)) / 10n ** BigInt(decimals)
}

/**
 * Judges what a Chainlink feed says at a block. An answer counts when the feed has the decimals of the list, the answer
 * is positive, and its time is neither after the block nor older than {@link maxPriceAgeSeconds}.
 */
export function judgePrice(
  feed: Feed,
  answers: {
    /** Of `latestRoundData()`. */
    readonly round: ReadResult
    /** Of `decimals()`. */
    readonly decimals: ReadResult
    /** Unix seconds of the block. */
    readonly now: number
  },
): PriceReading {
  const { round, now } = answers
  const decimals = answers.decimals.success ? wordAt(answers.decimals.data, 0) : undefined
  const answer = round.success ? signedWordAt(round.data, 1) : undefined
  const updatedAt = round.success ? wordAt(round.data, 3) : undefined
  if (decimals === undefined || answer === undefined || updatedAt === undefined) {
    return { status: 'invalid', reason: 'unreadable' }
  }
  if (decimals !== BigInt(feed.decimals)) return { status: 'invalid', reason: 'wrongDecimals' }
  if (answer <= 0n) return { status: 'invalid', reason: 'notPositive' }
  if (updatedAt > BigInt(now)) return { status: 'invalid', reason: 'fromFuture' }
  const usd = toUsd(scaleToUsd(answer, feed.decimals))
  const maxAgeSeconds = maxPriceAgeSeconds(feed)
  const reading = { usd, updatedAt: Number(updatedAt) }
  return now - reading.updatedAt <= maxAgeSeconds
    ? { status: 'fresh', ...reading }
    : { status: 'stale', ...reading, maxAgeSeconds }
}
