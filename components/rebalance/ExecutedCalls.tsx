import { CopyButton } from '@/components/ui/CopyButton'
import type { Asset } from '@/lib/core/asset'
import type { DecodedApproval } from '@/lib/core/bundle'
import type { ExecutedCall } from '@/lib/core/execution/execution'
import { describeApproval, describeStep } from './executionWords'
import { findToken } from './planView'

type ExecutedCallsProps = {
  readonly calls: readonly ExecutedCall[]
  readonly approvals: readonly DecodedApproval[]
  readonly assets: readonly Asset[]
}

/** Which calls of a batch ran by themselves, and in which transactions. */
export function ExecutedCalls({ calls, approvals, assets }: ExecutedCallsProps) {
  const nameOf = ({ callIndex }: ExecutedCall): string => {
    const approval = approvals[callIndex]
    if (approval === undefined) {
      return callIndex === approvals.length ? describeStep({ kind: 'swap' }, '') : `Call ${callIndex + 1}`
    }
    return describeApproval(approval, findToken(assets, approval.token)?.symbol ?? approval.token)
  }
  return (
    <ul aria-label="What ran" className="mt-2 space-y-1.5">
      {calls.map((call) => (
        <li key={call.callIndex}>
          <p className="font-medium text-ink">{nameOf(call)}</p>
          <p className="flex items-center gap-1 text-[13px]">
            <span className="min-w-0 truncate font-mono text-[12px]" title={call.txHash}>
              {call.txHash}
            </span>
            <CopyButton text={call.txHash} label="Copy the transaction id" />
          </p>
        </li>
      ))}
    </ul>
  )
}
