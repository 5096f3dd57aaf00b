import type { QueryClient } from '@tanstack/react-query'
import { checkBundle } from '@/lib/chain/bundle/checkBundle'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { BundleNotSendableError } from '@/lib/chain/execution/checkBeforeSending'
import { resumeExecution, runExecution } from '@/lib/chain/execution/runExecution'
import { watchExecution } from '@/lib/chain/execution/watchExecution'
import { toExecutionFailure } from '@/lib/chain/toAppError'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Bundle } from '@/lib/core/bundle'
import type { Execution, ExecutionFailure } from '@/lib/core/execution/execution'
import { requotePlan } from '@/lib/core/rebalance/requotePlan'
import type { Snapshot } from '@/lib/core/snapshot'
import type { Hex } from '@/lib/core/units'
import { composePlanRequest, type PlanSubject } from '@/lib/query/planQuery'
import { priorityFeeQuery } from '@/lib/query/priorityFeeQuery'
import { assertWalletAgrees } from '@/lib/query/secondOpinion'
import { snapshotQuery } from '@/lib/query/snapshotQuery'
import { toAccountKey } from '@/lib/storage/accountStores'
import { rebalanceStore, type SavedRebalance } from '@/lib/storage/rebalanceStore'

/** `run` may ask the wallet for the next step; `resume` only looks what became of the last one. */
export type DriveMode = 'run' | 'resume'

/** What this page is doing with the rebalance of an account. */
export type Drive =
  | { readonly status: 'resting' }
  | { readonly status: 'driving'; readonly mode: DriveMode }
  /** It could not be driven at all: another tab does, or the chain is out of reach. */
  | { readonly status: 'failed'; readonly failure: ExecutionFailure }

const resting: Drive = { status: 'resting' }
const drives = new Map<string, Drive>()
const listeners = new Set<() => void>()

type Owner = Pick<PlanSubject, 'account' | 'deployment'>

const toOwner = ({ account, deployment }: Owner) => ({ account, chainId: deployment.chainId })
const keyOf = (subject: Owner) => toAccountKey('drive', toOwner(subject))

function setDrive(subject: Owner, drive: Drive) {
  drives.set(keyOf(subject), drive)
  for (const listener of listeners) listener()
}

/** Calls back whenever a drive starts or ends, and returns how to stop that. */
export function subscribeToDrives(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What this page is doing for an account on a chain. */
export function selectDrive(subject: Owner): Drive {
  return drives.get(keyOf(subject)) ?? resting
}

/** The fresh prices of a snapshot, as the receipt measures with them. */
export function toSavedPrices({ assets }: Pick<Snapshot, 'assets'>): SavedRebalance['prices'] {
  return assets.flatMap(({ asset, price }) => (price.status === 'fresh' ? [{ assetId: asset.id, usd: price.usd }] : []))
}

/** How long a snapshot is waited for that has seen the last approval. */
const snapshotTries = 20

/** A snapshot that is at least as new as everything that was confirmed. */
async function readSnapshotAfter(queries: QueryClient, subject: PlanSubject, { steps }: Execution): Promise<Snapshot> {
  const { account, client, deployment } = subject
  const seen = steps.map(({ state }) => (state.status === 'confirmed' ? state.blockNumber : 0n))
  const least = seen.reduce((most, block) => (block > most ? block : most), 0n)
  for (let tries = 0; tries < snapshotTries; tries += 1) {
    const snapshot = await queries.fetchQuery({
      ...snapshotQuery({ chainId: deployment.chainId, account, client }),
      staleTime: 0,
    })
    if (snapshot.block.number >= least) return snapshot
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new BundleNotSendableError('unreachable', 'the node has not seen the approvals yet')
}

/** What the person said to the question that a drive stopped at. */
export type DriveAnswer = {
  /** The step may go out although the transaction with this nonce waits. */
  readonly acknowledgedNonce?: number
  /** The request that was open when the page was left was declined in the wallet. */
  readonly isDeclined?: boolean
}

type DriveRequest = {
  readonly subject: PlanSubject
  readonly provider: WalletProvider
  readonly queries: QueryClient
  readonly saved: SavedRebalance
  readonly mode: DriveMode
  readonly answer?: DriveAnswer
}

type Run = { readonly mode: DriveMode; readonly stop: AbortController; readonly ended: Promise<void> }

const runs = new Map<string, Run>()

/**
 * Drives a saved rebalance until it ends or needs the person. Each change is saved, and the screens read it from where it is
 * saved, so that a reload, or another tab, shows the same. Nothing is saved before it is certain that no other tab drives.
 * While one is driven another call does nothing, except that it was declined in the wallet: then nobody waits any longer.
 */
export async function driveRebalance(request: DriveRequest): Promise<void> {
  const key = keyOf(request.subject)
  const running = runs.get(key)
  if (running !== undefined) {
    if (request.answer?.isDeclined !== true || running.mode !== 'resume') return
    running.stop.abort()
    await running.ended
    if (runs.has(key)) return
  }
  watches.get(key)?.abort()
  const stop = new AbortController()
  const ended = drive(request, stop.signal).finally(() => runs.delete(key))
  runs.set(key, { mode: request.mode, stop, ended })
  await ended
}

async function drive(
  { subject, provider, queries, saved, mode, answer }: DriveRequest,
  signal: AbortSignal,
): Promise<void> {
  const { client, deployment } = subject
  const store = rebalanceStore(toOwner(subject))
  const { id } = saved.record.execution
  /** The last fresh quote. It is saved with the swap that is asked for by it, and only then. */
  let quote: { readonly hash: Hex; readonly basis: Pick<SavedRebalance, 'plan' | 'prices'> } | undefined

  /** The rebalance as it is saved by now: another tab may have driven it on. */
  const readOwn = (): SavedRebalance => {
    const newest = store.read()
    return newest?.record.execution.id === id ? newest : saved
  }

  const requote = async (): Promise<Bundle> => {
    const { record, plan: reviewed } = readOwn()
    const snapshot = await readSnapshotAfter(queries, subject, record.execution)
    const priorityFeePerGas = await queries.fetchQuery(priorityFeeQuery(client))
    const requoted = requotePlan(reviewed, composePlanRequest(subject, { snapshot, priorityFeePerGas }))
    if (requoted.status === 'failed') throw new BundleNotSendableError('quoteMoved', requoted.reason)
    const { plan } = requoted
    const bundle = composeBundle({ plan, snapshot, deployment })
    const [violation] = checkBundle(decodeBundle(bundle, deployment), {
      account: bundle.account,
      deployment,
      plan,
      snapshot,
    })
    if (violation !== undefined) throw new BundleNotSendableError('hashMismatch', violation.kind)
    await assertWalletAgrees(provider, { subject, plan, snapshot })
    quote = { hash: bundle.hash, basis: { plan, prices: toSavedPrices(snapshot) } }
    return bundle
  }

  setDrive(subject, { status: 'driving', mode })
  try {
    await (mode === 'run' ? runExecution : resumeExecution)({
      ...saved.record,
      ...answer,
      deployment,
      client,
      provider,
      requote,
      signal,
      dispatch: () => undefined,
      readJournal: () => store.read()?.record,
      journal: (record) => {
        const basis = record.requoted?.hash === quote?.hash ? quote?.basis : undefined
        store.save({ ...readOwn(), ...basis, record })
      },
    })
    setDrive(subject, resting)
  } catch (error) {
    setDrive(subject, { status: 'failed', failure: toExecutionFailure(error) })
  }
}

const watches = new Map<string, AbortController>()

type WatchRequest = {
  readonly subject: Owner & Pick<PlanSubject, 'client'>
  readonly executionId: string
  /** The wallet knows the transactions of its batches; without it they are found by what they did. */
  readonly findProvider: () => Promise<WalletProvider | undefined>
}

/**
 * Watches what a rebalance has sent that is not being driven, until all of it is final. For each account and chain there is at most
 * one watch: a new one, or a drive, ends it. Returns how to end it.
 */
export function watchRebalance({ subject, executionId, findProvider }: WatchRequest): () => void {
  const key = keyOf(subject)
  const { client, deployment } = subject
  const store = rebalanceStore(toOwner(subject))
  const stop = new AbortController()
  const { signal } = stop
  watches.get(key)?.abort()
  watches.set(key, stop)

  const watch = async () => {
    const provider = await findProvider().catch(() => undefined)
    if (signal.aborted) return
    await watchExecution({
      of: { executionId, ...toOwner(subject) },
      client,
      deployment,
      provider,
      signal,
      readJournal: () => store.read()?.record,
      journal: (record) => {
        const newest = store.read()
        if (newest?.record.execution.id === executionId) store.save({ ...newest, record })
      },
    })
  }
  void watch()

  return () => {
    stop.abort()
    if (watches.get(key) === stop) watches.delete(key)
  }
}
