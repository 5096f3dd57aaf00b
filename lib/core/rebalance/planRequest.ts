import type { AssetId } from '../asset'
import type { Rung } from '../execution/execution'
import type { PlanMode } from '../policy/policy'
import type { Snapshot } from '../snapshot'
import { type PlanSettings, type Targets, toTargets } from '../targets'
import type { Address, Bps } from '../units'

/** Everything that a plan depends on. The same request always gives the same plan. */
export type PlanRequest = {
  readonly snapshot: Snapshot
  readonly targets: Targets
  readonly settings: PlanSettings
  /** What the plan is for; missing for a rebalance. */
  readonly mode?: PlanMode
  /** Wei per unit of gas that the user would pay at most. */
  readonly maxFeePerGas: bigint
  /** The chain's own reserve of the native coin in base units. */
  readonly nativeReserveFloor: bigint
  readonly wrappedNative: Address
  /** Assets that others may be routed through although nobody holds or targets them. */
  readonly hubAssetIds: readonly AssetId[]
  readonly rung: Rung
  /** How long the bundle stays valid after the block; at most 600. */
  readonly deadlineSeconds: number
  /** The most calls (approvals, resets and the router call) that the wallet takes in one batch. */
  readonly callLimit?: number
  /** The most legs that a plan may have: what cannot be traded with so few is left out. */
  readonly maxLegs?: number
  /** How far the oracle floor lies below the oracle's amount beyond the path's fees; 100 when missing. */
  readonly oracleToleranceBps?: Bps
}

/** POLICY: the oracle floor lies 1 % below the oracle's amount, beyond the path's fees. */
export const defaultOracleToleranceBps = 100

const maxDeadlineSeconds = 600
const maxSlippageBps = 100

/** A request that breaks a limit of its own fields. */
export class InvalidPlanRequestError extends Error {
  override readonly name = 'InvalidPlanRequestError'
  constructor(
    readonly field: string,
    readonly demand: string,
  ) {
    super(`${field} ${demand}`)
  }
}

/**
 * Refuses a request whose fields break their limits.
 * @throws {InvalidPlanRequestError} when a limit, a reserve or a fee is out of range.
 * @throws {WeightSumError} and the other errors of `toTargets` when the targets are not complete or not of this chain.
 */
export function assertPlanRequest(request: PlanRequest): void {
  const { snapshot, targets, settings, deadlineSeconds, callLimit, maxLegs } = request
  toTargets(
    targets.weights,
    snapshot.assets.map(({ asset }) => asset.id),
  )
  if (settings.slippageBps > maxSlippageBps) refuse('settings.slippageBps', `must be at most ${maxSlippageBps}.`)
  if (settings.stableSlippageBps > maxSlippageBps)
    refuse('settings.stableSlippageBps', `must be at most ${maxSlippageBps}.`)
  if (settings.nativeReserve < 0n) refuse('settings.nativeReserve', 'must not be negative.')
  if (request.nativeReserveFloor < 0n) refuse('nativeReserveFloor', 'must not be negative.')
  if (request.maxFeePerGas < 0n) refuse('maxFeePerGas', 'must not be negative.')
  if (!Number.isInteger(deadlineSeconds) || deadlineSeconds <= 0 || deadlineSeconds > maxDeadlineSeconds) {
    refuse('deadlineSeconds', `must be a whole number from 1 to ${maxDeadlineSeconds}.`)
  }
  if (callLimit !== undefined && (!Number.isInteger(callLimit) || callLimit < 1)) {
    refuse('callLimit', 'must be a whole number from 1.')
  }
  if (maxLegs !== undefined && (!Number.isInteger(maxLegs) || maxLegs < 1)) {
    refuse('maxLegs', 'must be a whole number from 1.')
  }
}

function refuse(field: string, demand: string): never {
  throw new InvalidPlanRequestError(field, demand)
}
