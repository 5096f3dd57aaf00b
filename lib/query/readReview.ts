import type { Client } from 'viem'
import type { BundleViolation } from '@/lib/chain/bundle/bundleViolation'
import { checkBundle } from '@/lib/chain/bundle/checkBundle'
import { checkSimulation, type SimulationViolation } from '@/lib/chain/bundle/checkSimulation'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { type BundleSimulation, simulateBundle } from '@/lib/chain/bundle/simulateBundle'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { type Delegation, readDelegation } from '@/lib/chain/wallet/readDelegation'
import type { Bundle, DecodedBundle } from '@/lib/core/bundle'
import type { Rung } from '@/lib/core/execution/execution'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { BlockRef, Snapshot } from '@/lib/core/snapshot'

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
  readonly violations: readonly (BundleViolation | SimulationViolation)[]
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
    ...(simulation.status === 'succeeded' ? checkSimulation(simulation, decoded) : []),
  ]
  return { plan, snapshot, rung, bundle, decoded, simulatedAt, simulation, delegation, violations }
}
