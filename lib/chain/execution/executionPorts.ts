import type { Client } from 'viem'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Bundle } from '@/lib/core/bundle'
import type { Execution, ExecutionRecord } from '@/lib/core/execution/execution'
import { type ExecutionEvent, reduceExecution } from '@/lib/core/execution/reduceExecution'

/** What an execution is driven with. */
export type ExecutionPorts = {
  readonly deployment: Deployment
  /** The page's own view of the chain: what happened is read from here. */
  readonly client: Client
  readonly provider: WalletProvider
  /** Gets every event that changed the execution, to be put through `reduceExecution` by whoever shows it. */
  readonly dispatch: (event: ExecutionEvent) => void
  /** Saves the record. It is awaited before each request to the wallet, and after each change. */
  readonly journal: (record: ExecutionRecord) => void | Promise<void>
  /** What is saved at this moment, by this tab or another. Nothing is asked for over the head of another execution. */
  readonly readJournal?: () => ExecutionRecord | undefined
  /**
   * Quotes the same legs again after approvals: same amounts, fresh minimums and deadline, no approvals left to make.
   * It throws an error with the failure to show when that cannot be done.
   */
  readonly requote: () => Promise<Bundle>
  /** Stops waiting. What was asked or sent stays so, and can be resumed. */
  readonly signal?: AbortSignal
  /** The nonce of a waiting transaction of which the person said that the step may go out all the same (T-31). */
  readonly acknowledgedNonce?: number
  /** The person says that the request which was open when the page was left was declined in the wallet. */
  readonly isDeclined?: boolean
  /** How often the chain is asked, and for how long in one go. Two blocks' time and three minutes unless given. */
  readonly pollMs?: number
  readonly timeoutMs?: number
}

/** The running state of one execution: the record, and the one way to change it. */
export type ExecutionSession = ExecutionPorts & {
  readonly current: () => ExecutionRecord
  readonly execution: () => Execution
  readonly apply: (event: ExecutionEvent) => Promise<void>
  readonly setRequoted: (bundle: Bundle) => void
}

/** Starts a session on a record. */
export function openSession(record: ExecutionRecord, ports: ExecutionPorts): ExecutionSession {
  let current = record
  return {
    ...ports,
    current: () => current,
    execution: () => current.execution,
    setRequoted: (requoted) => {
      current = { ...current, requoted }
    },
    apply: async (event) => {
      const execution = reduceExecution(current.execution, event)
      if (execution === current.execution) return
      current = { ...current, execution }
      ports.dispatch(event)
      await ports.journal(current)
    },
  }
}

/** How patiently the chain is asked. */
export function patienceOf({ deployment, pollMs, timeoutMs, signal }: ExecutionPorts) {
  return {
    pollMs: pollMs ?? Math.min(4_000, Math.max(500, deployment.blockSeconds * 500)),
    timeoutMs: timeoutMs ?? 180_000,
    ...(signal === undefined ? {} : { signal }),
  }
}
