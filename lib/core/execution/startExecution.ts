import type { Bundle, DecodedApproval } from '../bundle'
import type { Address } from '../units'
import type { Execution, ExecutionStep, Rung } from './execution'

/** A grant of Permit2 that dies with its block was to be sent in a transaction of its own. */
export class GrantOutsideBatchError extends Error {
  override readonly name = 'GrantOutsideBatchError'
  constructor(readonly token: Address) {
    super(`Permit2's grant of ${token} would be over before the swap. Plan again for a wallet without batches.`)
  }
}

/**
 * The execution of a reviewed bundle with nothing sent yet: one batch, or its approvals one by one and then the swap.
 * @param approvals what the decoder read from `bundle.approvals`, in the same order
 * @throws {GrantOutsideBatchError} when the bundle goes through Permit2, and the wallet sends no batch
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
        ...approvals.map(({ kind, token, amount }): ExecutionStep => {
          if (kind === 'permit2') throw new GrantOutsideBatchError(token)
          return { kind: amount === 0n ? 'resetApproval' : 'approval', token, state: { status: 'idle' } }
        }),
        { kind: 'swap', state: { status: 'idle' } },
      ]
  }
}
