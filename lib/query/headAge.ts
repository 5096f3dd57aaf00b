import { StaleHeadError } from '@/lib/chain/appErrors'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { type HeadAge, measureHeadAge } from '@/lib/core/headAge'
import type { BlockRef } from '@/lib/core/snapshot'

/** How old a block is by this device's clock, for a chain's pace. It grows while it is shown: hand it the time. */
export function measureAgeOf(block: Pick<BlockRef, 'timestamp'>, pace: Deployment, nowMs: number): HeadAge {
  return measureHeadAge(block, { nowSeconds: nowMs / 1_000, pace })
}

/**
 * How many seconds old the prices are that a plan stands on, where people are told: its newest block was late when it was read, or has
 * become too old to plan on since. Nothing where it only waits for the next look.
 */
export function measureLateness(
  { checkedAt, checkedAtMs }: { readonly checkedAt: Pick<BlockRef, 'timestamp'>; readonly checkedAtMs: number },
  pace: Deployment,
  nowMs: number,
): number | undefined {
  const asRead = measureAgeOf(checkedAt, pace, checkedAtMs)
  const now = measureAgeOf(checkedAt, pace, Math.max(nowMs, checkedAtMs))
  return asRead.status === 'fresh' && now.status !== 'tooOld' ? undefined : now.seconds
}

/**
 * Refuses a newest block that is too old to plan on.
 * @throws {StaleHeadError} when it is.
 */
export function assertFreshHead(block: Pick<BlockRef, 'timestamp'>, deployment: Deployment): void {
  const age = measureAgeOf(block, deployment, Date.now())
  if (age.status === 'tooOld') throw new StaleHeadError(age.seconds, deployment.maxHeadAgeSeconds)
}
