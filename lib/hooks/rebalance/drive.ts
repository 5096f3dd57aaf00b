import type { QueryClient } from '@tanstack/react-query'
import { checkBundle } from '@/lib/chain/bundle/checkBundle'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { BundleNotSendableError } from '@/lib/chain/execution/checkBeforeSending'
import { resumeExecution, runExecution } from '@/lib/chain/execution/runExecution'
import { toExecutionFailure } from '@/lib/chain/toAppError'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Bundle } from '@/lib/core/bundle'
import type { Execution, ExecutionFailure } from '@/lib/core/execution/execution'
import { requotePlan } from '@/lib/core/rebalance/requotePlan'
import type { Snapshot } from '@/lib/core/snapshot'
import { composePlanRequest, type PlanSubject } from '@/lib/query/planQuery'
import { priorityFeeQuery } from '@/lib/query/priorityFeeQuery'
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

type DriveRequest = {
  readonly subject: PlanSubject
  readonly provider: WalletProvider
  readonly queries: QueryClient
  readonly saved: SavedRebalance
  readonly mode: DriveMode
}

/**
 * Drives a saved rebalance until it ends or needs the person. Each change is saved, and the screens read it from where it is
 * saved, so that a reload, or another tab, shows the same. Nothing is saved before it is certain that no other tab drives.
 */
export async function driveRebalance({ subject, provider, queries, saved, mode }: DriveRequest): Promise<void> {
  if (selectDrive(subject).status === 'driving') return
  const { client, deployment } = subject
  const store = rebalanceStore(toOwner(subject))
  let current = saved

  const requote = async (): Promise<Bundle> => {
    const snapshot = await readSnapshotAfter(queries, subject, current.record.execution)
    const priorityFeePerGas = await queries.fetchQuery(priorityFeeQuery(client))
    const requoted = requotePlan(current.plan, composePlanRequest(subject, { snapshot, priorityFeePerGas }))
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
    current = { ...current, plan }
    return bundle
  }

  setDrive(subject, { status: 'driving', mode })
  const drive = mode === 'run' ? runExecution : resumeExecution
  try {
    await drive({
      ...current.record,
      deployment,
      client,
      provider,
      requote,
      dispatch: () => undefined,
      journal: (record) => {
        current = { ...current, record }
        store.save(current)
      },
    })
    setDrive(subject, resting)
  } catch (error) {
    setDrive(subject, { status: 'failed', failure: toExecutionFailure(error) })
  }
}
