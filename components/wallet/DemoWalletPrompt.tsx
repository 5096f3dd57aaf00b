import { Button } from '@/components/ui/Button'
import { Dialog } from '@/components/ui/Dialog'
import { Icon } from '@/components/ui/Icon'
import type { Call } from '@/lib/core/bundle'
import { formatTokenAmountFull } from '@/lib/core/numbers/format'
import { assertNever } from '@/lib/core/units'
import { useDeployment } from '@/lib/hooks/useDeployment'
import type { DemoPrompt } from '@/lib/hooks/wallet/demoPrompt'
import { nameContract } from './nameContract'

function CallRow({ call, position }: { call: Call; position: number }) {
  const deployment = useDeployment()
  const name = nameContract(call.to, deployment)
  return (
    <li className="px-4 py-3 text-sm">
      <div className="flex items-baseline justify-between gap-4">
        <span className="font-medium">
          {position}. {name ?? 'Unknown contract'}
        </span>
        <span className="break-all text-right text-ink-soft tabular-nums">
          {formatTokenAmountFull(call.value, 18)} ETH
        </span>
      </div>
      <p className="mt-0.5 break-all text-[13px] text-ink-faint leading-snug">to {call.to}</p>
      <p className="text-[13px] text-ink-faint leading-snug">{(call.data.length - 2) / 2} bytes of data</p>
    </li>
  )
}

function Question({ request }: Pick<DemoPrompt, 'request'>) {
  switch (request.kind) {
    case 'connect':
      return <p className="text-ink-soft">This site asks to see the address and balances of the demo account.</p>
    case 'transaction':
    case 'batch': {
      const calls = request.kind === 'batch' ? request.calls : [request.call]
      return (
        <>
          <p className="text-ink-soft">
            {calls.length === 1
              ? 'This site asks to send one transaction with one call.'
              : `This site asks to send one transaction with ${calls.length} calls. They happen together or not at all.`}
          </p>
          <ol className="mt-4 divide-y divide-line rounded-control border border-line bg-surface">
            {calls.map((call, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the calls of a request never change their order.
              <CallRow key={index} call={call} position={index + 1} />
            ))}
          </ol>
          {request.kind === 'batch' && request.delegate !== undefined && (
            <p className="mt-3 flex gap-2 text-[13px] text-ink-soft leading-snug">
              <Icon name="info" className="mt-0.5" />
              <span>
                The account will also be set to run the batch contract{' '}
                <span className="break-all">{request.delegate}</span>, as MetaMask does it (EIP-7702).
              </span>
            </p>
          )}
        </>
      )
    }
    default:
      return assertNever(request)
  }
}

/** What the demo wallet asks before it does anything: it stands where an extension would show its own window. */
export function DemoWalletPrompt({ prompt: { request, answer, id } }: { prompt: DemoPrompt }) {
  return (
    <Dialog
      key={id}
      isOpen
      staysOpenOnOutsideClick
      onClose={() => answer(false)}
      title="Demo wallet"
      description="A test account of the local chain. Its key is public; it holds nothing of worth."
      footer={
        <>
          <Button onClick={() => answer(false)}>Reject</Button>
          <Button variant="primary" onClick={() => answer(true)}>
            Confirm
          </Button>
        </>
      }
    >
      <Question request={request} />
      <dl className="mt-4 text-sm">
        <dt className="text-[13px] text-ink-faint">Account</dt>
        <dd className="break-all">{request.account}</dd>
      </dl>
    </Dialog>
  )
}
