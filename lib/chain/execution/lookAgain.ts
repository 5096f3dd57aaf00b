import type { Client } from 'viem'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { ExecutionRecord, ExecutionStep } from '@/lib/core/execution/execution'
import { type ExecutionEvent, isSettled, isWatchable, sentIdOf } from '@/lib/core/execution/reduceExecution'
import { readFinalHead } from './chainHead'
import { openLook, type StepLook } from './openLook'

/** Where a look is taken from. The wallet is asked for the hashes of a batch only. */
export type LookPorts = {
  readonly client: Client
  readonly deployment: Deployment
  readonly provider?: WalletProvider | undefined
}

/**
 * Looks once at everything that an execution has sent and that is not final: what became final, what the chain took back, what came
 * after all. Newest first, since an earlier step cannot be undone alone.
 * @throws {AppError} when the node cannot be reached
 */
export async function lookAgain(record: ExecutionRecord, ports: LookPorts): Promise<readonly ExecutionEvent[]> {
  return openLooks(ports)(record)
}

/** Like {@link lookAgain}, for looking often: what one look learns makes the next cheaper. */
export function openLooks(ports: LookPorts): (record: ExecutionRecord) => Promise<readonly ExecutionEvent[]> {
  const looks = new Map<string, StepLook>()
  const lookOf = (record: ExecutionRecord, stepIndex: number): StepLook => {
    const key = `${stepIndex} ${(record.requoted ?? record.bundle).hash}`
    const known = looks.get(key) ?? openLook(record, stepIndex, ports)
    looks.set(key, known)
    return known
  }
  return async (record) => {
    const { steps } = record.execution
    if (!isWatchable(record.execution)) return []
    const head = await readFinalHead(ports.client, ports.deployment)
    const events: ExecutionEvent[] = []
    for (const [stepIndex, step] of [...steps.entries()].reverse()) {
      if (!isOpen(step)) continue
      for (const event of await lookOf(record, stepIndex)(step, head)) events.push({ ...event, stepIndex })
    }
    return events
  }
}

function isOpen({ state }: ExecutionStep): boolean {
  return sentIdOf(state) !== undefined && !(isSettled(state) && state.finality === 'final')
}
