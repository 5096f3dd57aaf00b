import type { Execution } from '@/lib/core/execution/execution'
import { describeFinality, describeOddities } from './receiptWords'

/** Below the line that says it is done: whether the chain could still take it back, and what was out of the ordinary. */
export function ReceiptNotes({ execution }: { execution: Execution }) {
  return (
    <div className="mt-1 space-y-1 text-[13px] text-ink-faint">
      <p>{describeFinality(execution)}</p>
      {describeOddities(execution).map(({ code, text, hashes }) => (
        <p key={code} data-error-code={code} className="text-ink-soft">
          {text}{' '}
          {hashes.map((hash) => (
            <span key={hash} className="mr-2 break-all font-mono text-[12px]">
              {hash}
            </span>
          ))}
        </p>
      ))}
    </div>
  )
}
