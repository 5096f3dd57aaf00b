import type { Bundle, DecodedApproval } from '../bundle'
import type { Execution, ExecutionStep, Rung } from './execution'

/**
 * The execution of a reviewed bundle with nothing sent yet: one batch, or its approvals one by one and then the swap.
 * @param approvals what the decoder read from `bundle.approvals`, in the same order
 */
export function startExecution({
  id,
  rung,
  bundle,
  approvals,
}: {
  readonly id: string
  readonly rung: Rung
  readonly bundle: Bundle
  readonly approvals: readonly DecodedApproval[]
}): Execution {
  const { account, chainId, hash, deadline } = bundle
  return { id, account, chainId, rung, bundleHash: hash, deadline, steps: stepsOf(rung, approvals) }
}

function stepsOf(rung: Rung, approvals: readonly DecodedApproval[]): readonly ExecutionStep[] {
  switch (rung) {
    case 'atomicBatch':
      return [{ kind: 'batch', state: { status: 'idle' } }]
    case 'approveThenSwap':
      return [
        ...approvals.map(
          ({ token, amount }): ExecutionStep => ({
            kind: amount === 0n ? 'resetApproval' : 'approval',
            token,
            state: { status: 'idle' },
          }),
        ),
        { kind: 'swap', state: { status: 'idle' } },
      ]
  }
}
