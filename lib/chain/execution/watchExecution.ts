import type { ExecutionRecord } from '@/lib/core/execution/execution'
import { type ExecutionEvent, isWatchable, reduceExecution } from '@/lib/core/execution/reduceExecution'
import type { Address } from '@/lib/core/units'
import { exclusively } from './exclusively'
import { type LookPorts, openLooks } from './lookAgain'
import { pollUntil, TrackingStoppedError } from './patience'

/** What is watched, where it is saved, and how often the chain is asked. */
export type WatchPorts = LookPorts & {
  readonly of: { readonly executionId: string; readonly account: Address; readonly chainId: number }
  readonly readJournal: () => ExecutionRecord | undefined
  readonly journal: (record: ExecutionRecord) => void | Promise<void>
  readonly dispatch?: (event: ExecutionEvent) => void
  /** Stops watching. */
  readonly signal: AbortSignal
  readonly pollMs?: number
}

/** Longer than any chain takes until a block is final. */
const watchMs = 24 * 60 * 60_000

/**
 * Watches what an execution has sent until all of it is final: a block that the chain takes back leads to waiting again and to the
 * new block, without alarm (T-30); what was dropped and comes after all is found. Steps aside while the execution is being driven, in
 * whichever tab, and ends when another one takes its place. Never asks the wallet to sign.
 */
export async function watchExecution({
  of,
  readJournal,
  journal,
  dispatch,
  signal,
  ...ports
}: WatchPorts): Promise<void> {
  const look = openLooks(ports)
  const readOwn = (): ExecutionRecord | undefined => {
    const record = readJournal()
    return record?.execution.id === of.executionId ? record : undefined
  }

  const ask = async (): Promise<'ended' | undefined> => {
    const record = readOwn()
    if (record === undefined || !isWatchable(record.execution)) return 'ended'
    const events = await look(record)
    if (events.length === 0 || signal.aborted) return undefined
    return exclusively(of, async () => {
      const newest = readOwn()
      // Another tab was faster: what was seen may not fit any more.
      if (newest === undefined || newest.execution !== record.execution) return undefined
      const execution = events.reduce(reduceExecution, newest.execution)
      if (execution === newest.execution) return undefined
      await journal({ ...newest, execution })
      for (const event of events) dispatch?.(event)
      return isWatchable(execution) ? undefined : 'ended'
    })
  }

  const { blockSeconds } = ports.deployment
  const pollMs = ports.pollMs ?? Math.min(12_000, Math.max(1_000, blockSeconds * 1_000))
  try {
    await pollUntil(ask, { pollMs, timeoutMs: watchMs, signal })
  } catch (error) {
    if (!(error instanceof TrackingStoppedError)) throw error
  }
}
