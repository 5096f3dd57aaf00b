import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { ChainClient } from '@/lib/chain/client'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { Rung } from '@/lib/core/execution/execution'
import type { PlanMode } from '@/lib/core/policy/policy'
import type { PlanOutcome } from '@/lib/core/rebalance/plan'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import type { BlockRef, Snapshot } from '@/lib/core/snapshot'
import type { PlanSettings, Targets } from '@/lib/core/targets'
import type { Address } from '@/lib/core/units'
import { plannerClient } from '@/lib/workers/plannerClient'
import { assertKnownContracts } from './contractCodeQuery'
import { assertFreshHead, measureAgeOf } from './headAge'
import { findMinimumMoves, findPlanChanges, type MinimumMove, type PlanChange } from './planInputs'
import { priorityFeeQuery } from './priorityFeeQuery'
import { snapshotKey, snapshotQuery } from './snapshotQuery'

/** What is planned: whose holdings, where to, and how it would be signed. */
export type PlanSubject = {
  readonly deployment: Deployment
  readonly account: Address
  readonly client: ChainClient
  readonly targets: Targets
  readonly settings: PlanSettings
  /** What the plan is for; missing for a rebalance. An amount of zero is not yet an amount: nothing is planned then. */
  readonly mode?: PlanMode | undefined
  readonly rung: Rung
  /** The most calls of a batch; missing where there is no batch. */
  readonly callLimit?: number | undefined
  /** The most legs that somebody wants; missing where the planner chooses. */
  readonly maxLegs?: number | undefined
}

/** Why and when a plan was made again while somebody looked at it. */
export type PlanRenewal = {
  readonly changes: readonly PlanChange[]
  readonly minimums: readonly MinimumMove[]
}

/** A plan, or why there is none, with what it was made of. */
export type PlanState = {
  readonly outcome: PlanOutcome
  /** What the plan was made of. */
  readonly snapshot: Snapshot
  /** Wei per unit of gas for whoever builds the block, as the plan was made. */
  readonly priorityFeePerGas: bigint
  /** The newest block at which nothing of it had changed. */
  readonly checkedAt: BlockRef
  /** When that block was read, by this device's clock. */
  readonly checkedAtMs: number
  /** From the request to the answer of the planner's thread. */
  readonly planMs: number
  /** Missing for the first plan of a subject. */
  readonly renewal?: PlanRenewal | undefined
}

/** So often the chain is read again, and the plan made again where it has to be. */
export const planRefreshMs = 30_000
const deadlineSeconds = 600
/** A snapshot that is not older than this starts a plan at once; it is checked against the chain afterwards. */
const startableSnapshotMs = 30_000

/** The most that a unit of gas costs: the base fee may rise by a fifth (two full blocks) before it is included. */
export function composeMaxFeePerGas(
  { baseFeePerGas }: Pick<BlockRef, 'baseFeePerGas'>,
  priorityFeePerGas: bigint,
): bigint {
  return baseFeePerGas + baseFeePerGas / 5n + priorityFeePerGas
}

/** What a subject is planned at. */
export type PlanMoment = {
  readonly snapshot: Snapshot
  /** Wei per unit of gas for whoever builds the block. */
  readonly priorityFeePerGas: bigint
}

/** The planner's request for a subject at a moment. */
export function composePlanRequest(subject: PlanSubject, { snapshot, priorityFeePerGas }: PlanMoment): PlanRequest {
  const { deployment, targets, settings, mode, rung, callLimit, maxLegs } = subject
  return {
    snapshot,
    targets,
    settings,
    maxFeePerGas: composeMaxFeePerGas(snapshot.block, priorityFeePerGas),
    nativeReserveFloor: deployment.nativeReserveFloor,
    wrappedNative: deployment.contracts.wrappedNative,
    hubAssetIds: deployment.hubAssetIds,
    rung,
    deadlineSeconds,
    ...(mode === undefined ? {} : { mode }),
    ...(callLimit === undefined ? {} : { callLimit }),
    ...(maxLegs === undefined ? {} : { maxLegs }),
  }
}

/** The key of a plan: everything that defines it but the chain's own state. */
export function planKey({ deployment, account, targets, settings, mode, rung, callLimit, maxLegs }: PlanSubject) {
  const { chainId } = deployment
  return [
    'plan',
    { chainId, account: account.toLowerCase(), targets, settings, mode, rung, callLimit, maxLegs },
  ] as const
}

/** Whether a subject says all that a plan is made of: cash modes need an amount. */
export function isPlannable({ mode }: Pick<PlanSubject, 'mode'>): boolean {
  return mode === undefined || mode.kind === 'rebalance' || mode.amount > 0n
}

/** The freshest snapshot: the known one where that is young enough, else a new one. */
function ensureSnapshot(queries: QueryClient, subject: PlanSubject, maxAgeMs: number): Promise<Snapshot> {
  const { deployment, account, client } = subject
  return queries.fetchQuery({
    ...snapshotQuery({ chainId: deployment.chainId, account, client }),
    staleTime: maxAgeMs,
  })
}

function isTooOld({ block }: Snapshot, { deployment }: PlanSubject): boolean {
  return measureAgeOf(block, deployment, Date.now()).status === 'tooOld'
}

/**
 * The freshest moment to plan at.
 * @throws {StaleHeadError} when even that is too old.
 * @throws {ForeignContractsError} when other contracts stand on the chain than those that are known.
 */
async function ensurePlanMoment(queries: QueryClient, subject: PlanSubject, maxAgeMs: number): Promise<PlanMoment> {
  const [known, priorityFeePerGas] = await Promise.all([
    ensureSnapshot(queries, subject, maxAgeMs),
    queries.fetchQuery(priorityFeeQuery(subject.client)),
    assertKnownContracts(queries, subject),
  ])
  // What was read a moment ago may come from a node that has caught up since.
  const isReadAgain = maxAgeMs > 0 && isTooOld(known, subject)
  const snapshot = isReadAgain ? await ensureSnapshot(queries, subject, 0) : known
  assertFreshHead(snapshot.block, subject.deployment)
  return { snapshot, priorityFeePerGas }
}

async function planAgain(
  subject: PlanSubject,
  moment: PlanMoment,
  { previous, signal }: { readonly previous: PlanState | undefined; readonly signal?: AbortSignal },
): Promise<PlanState> {
  const { snapshot, priorityFeePerGas } = moment
  const startedMs = performance.now()
  const { outcome } = await plannerClient().plan(composePlanRequest(subject, moment), signal)
  const planMs = performance.now() - startedMs
  const isComparable = previous?.outcome.status === 'planned' && outcome.status === 'planned'
  return {
    outcome,
    snapshot,
    priorityFeePerGas,
    checkedAt: snapshot.block,
    checkedAtMs: Date.now(),
    planMs,
    renewal:
      previous === undefined
        ? undefined
        : {
            changes: findPlanChanges(previous.outcome, { before: previous.snapshot, after: snapshot }),
            minimums: isComparable ? findMinimumMoves(previous.outcome.plan, outcome.plan) : [],
          },
  }
}

/**
 * The plan of a subject, planned at once from the freshest snapshot. Every 30 seconds the chain is read again, and the plan is made
 * again only when a pool, a feed, a balance or an allowance in it changed, or it grew old; else it stays the same object.
 */
export function planQuery(subject: PlanSubject) {
  const queryKey = planKey(subject)
  return queryOptions({
    queryKey,
    queryFn: async ({ client: queries, signal }): Promise<PlanState> => {
      const previous = queries.getQueryData<PlanState>(queryKey)
      const moment = await ensurePlanMoment(queries, subject, previous === undefined ? startableSnapshotMs : 0)
      const { snapshot } = moment
      if (previous !== undefined) {
        const changes = findPlanChanges(previous.outcome, { before: previous.snapshot, after: snapshot })
        if (changes.length === 0) return { ...previous, checkedAt: snapshot.block, checkedAtMs: Date.now() }
      }
      return planAgain(subject, moment, { previous, signal })
    },
    enabled: isPlannable(subject),
    staleTime: planRefreshMs / 2,
    refetchInterval: planRefreshMs,
    refetchOnWindowFocus: 'always',
    retry: false,
    networkMode: 'always',
    structuralSharing: false,
    gcTime: 60_000,
  })
}

/**
 * The plan as the chain stands from now on: reads that are already under way do not count, since they may have begun before
 * whatever is asked about.
 */
export async function readPlanNow(queries: QueryClient, subject: PlanSubject): Promise<PlanState> {
  const { deployment, account } = subject
  await queries.cancelQueries({ queryKey: planKey(subject) })
  await queries.cancelQueries({ queryKey: snapshotKey({ chainId: deployment.chainId, account }) })
  await assertKnownContracts(queries, subject, 0)
  return queries.fetchQuery({ ...planQuery(subject), staleTime: 0 })
}
