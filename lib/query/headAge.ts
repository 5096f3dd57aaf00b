import { StaleHeadError } from '@/lib/chain/appErrors'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { type HeadAge, measureHeadAge } from '@/lib/core/headAge'
import type { BlockRef } from '@/lib/core/snapshot'

/** How old a block is by this device's clock, for a chain's pace. It grows while it is shown: hand it the time. */
export function measureAgeOf(block: Pick<BlockRef, 'timestamp'>, pace: Deployment, nowMs: number): HeadAge {
  return measureHeadAge(block, { nowSeconds: nowMs / 1_000, pace })
}

/**
 * Refuses a newest block that is too old to plan on.
 * @throws {StaleHeadError} when it is.
 */
export function assertFreshHead(block: Pick<BlockRef, 'timestamp'>, deployment: Deployment): void {
  const age = measureAgeOf(block, deployment, Date.now())
  if (age.status === 'tooOld') throw new StaleHeadError(age.seconds, deployment.maxHeadAgeSeconds)
}
