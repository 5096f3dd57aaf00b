import type { Client } from 'viem'
import type { BundleViolation } from '@/lib/chain/bundle/bundleViolation'
import { checkBundle } from '@/lib/chain/bundle/checkBundle'
import { checkSimulation, type SimulationViolation } from '@/lib/chain/bundle/checkSimulation'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { type BundleSimulation, simulateBundle } from '@/lib/chain/bundle/simulateBundle'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { readTokenRefusals, type TokenRefusal } from '@/lib/chain/read/readTokenRefusals'
import { type Delegation, readDelegation } from '@/lib/chain/wallet/readDelegation'
import type { Bundle, DecodedBundle } from '@/lib/core/bundle'
import type { Rung } from '@/lib/core/execution/execution'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { BlockRef, Snapshot } from '@/lib/core/snapshot'
import { compareDeltas, type DeltaMismatch } from '@/lib/core/sources/compareDeltas'

/** A token of which the simulation moves another amount than the plan says, to the last unit. */
export type DeltaViolation = { readonly kind: 'deltaDiffers' } & DeltaMismatch

/** Whatever speaks against a review. Any of them blocks signing. */
export type ReviewViolation = BundleViolation | SimulationViolation | DeltaViolation

/** What a person decides on: the exact bytes, what they say, what they would do, and whatever speaks against them. */
export type Review = {
  readonly plan: RebalancePlan
  readonly snapshot: Snapshot
  readonly rung: Rung
  readonly bundle: Bundle
  readonly decoded: DecodedBundle
  /** The block that the simulation ran on: nothing in the plan had changed until then. */
  readonly simulatedAt: BlockRef
  readonly simulation: BundleSimulation
  readonly delegation: Delegation
  readonly violations: readonly ReviewViolation[]
  /** Where the simulation reverts: the tokens that would not move, in their own words. None where others are to blame. */
  readonly refusals: readonly TokenRefusal[]
}

/** What a simulation does otherwise than the bytes say, and otherwise than the plan says; each token is named once. */
function checkEffects(
  simulation: Extract<BundleSimulation, { status: 'succeeded' }>,
  { plan, decoded }: Pick<Review, 'plan' | 'decoded'>,
): readonly ReviewViolation[] {
  const ofBytes = checkSimulation(simulation, decoded)
  const named = new Set(ofBytes.map(({ token }) => token.toLowerCase()))
  const ofPlan = compareDeltas(plan, simulation.deltas).filter(({ token }) => !named.has(token.toLowerCase()))
  return [...ofBytes, ...ofPlan.map((mismatch): DeltaViolation => ({ kind: 'deltaDiffers', ...mismatch }))]
}

/**
 * Composes the bundle of a plan, reads it back with the independent decoder, checks it against the plan and the lists, and has a
 * node run the exact bytes.
 * @throws {UnencodablePlanError} when the router could not execute the plan.
 * @throws {UndecodableBundleError} when the bytes are not a bundle of ours.
 * @throws {AppError} when the node cannot be reached.
 */
export async function readReview(
  client: Client,
  {
    plan,
    snapshot,
    rung,
    simulatedAt,
    deployment,
  }: {
    readonly plan: RebalancePlan
    readonly snapshot: Snapshot
    readonly rung: Rung
    readonly simulatedAt: BlockRef
    readonly deployment: Deployment
  },
): Promise<Review> {
  const bundle = composeBundle({ plan, snapshot, deployment })
  const decoded = decodeBundle(bundle, deployment)
  const [simulation, delegation] = await Promise.all([
    simulateBundle(client, { bundle, snapshot: { block: simulatedAt }, deployment }),
    readDelegation(client, { account: bundle.account, deployment }),
  ])
  const violations = [
    ...checkBundle(decoded, { account: bundle.account, deployment, plan, snapshot }),
    ...(simulation.status === 'succeeded' ? checkEffects(simulation, { plan, decoded }) : []),
  ]
  // That it reverts is known; tokens only explain it. A node that fails here takes nothing away from that.
  const refusals =
    simulation.status === 'reverted'
      ? await readTokenRefusals(client, { plan, deployment, block: simulatedAt }).catch(() => [])
      : []
  return { plan, snapshot, rung, bundle, decoded, simulatedAt, simulation, delegation, violations, refusals }
}
