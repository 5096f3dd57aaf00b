import type { Execution, ExecutionStep, StepState } from '@/lib/core/execution/execution'

export const id = { kind: 'transaction', hash: '0x01' } as const
export const inBlock = { blockNumber: 7n, blockHash: '0x0b', finality: 'included' } as const
const executed = [{ callIndex: 0, txHash: '0x0c' }] as const

/** One of each: every state that a step can be in, and every end that has its own words. */
export const everyState = {
  idle: { status: 'idle' },
  held: { status: 'held', waiting: { nonce: 3, order: 'before' } },
  awaitingSignature: { status: 'awaitingSignature' },
  awaitingReceipt: { status: 'awaitingReceipt', id },
  confirmed: { status: 'confirmed', id, txHash: id.hash, ...inBlock },
  reverted: { status: 'reverted', id, txHash: id.hash, reason: 'Too little received', ...inBlock },
  cancelled: { status: 'notIncluded', id, cause: 'cancelled', ...inBlock },
  replaced: { status: 'notIncluded', id, cause: 'replaced', ...inBlock },
  expired: { status: 'notIncluded', id, cause: 'expired', ...inBlock },
  droppedByWallet: { status: 'notIncluded', id, cause: 'droppedByWallet', ...inBlock },
  brokenMayRun: { status: 'broken', id, executed, rest: 'mayRun', ...inBlock },
  brokenOver: { status: 'broken', id, executed, rest: 'over', ...inBlock },
  unsent: { status: 'unsent', failure: 'wrongChain' },
  unresolved: { status: 'unresolved', id, failure: 'timeout' },
  dropped: { status: 'unresolved', id, failure: 'dropped' },
} as const satisfies Readonly<Record<string, StepState>>

/** An execution whose last step is the swap and all others are approvals. */
export function executionOf(...states: readonly (StepState | Pick<ExecutionStep, 'state' | 'undone'>)[]): Execution {
  return {
    id: 'one',
    account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    chainId: 31337,
    rung: 'approveThenSwap',
    bundleHash: '0x02',
    deadline: 600,
    steps: states.map((state, index) => ({
      kind: index === states.length - 1 ? 'swap' : 'approval',
      ...('status' in state ? { state } : state),
    })),
  }
}
