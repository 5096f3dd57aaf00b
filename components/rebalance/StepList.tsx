import { CopyButton } from '@/components/ui/CopyButton'
import { cx } from '@/components/ui/cx'
import { Icon } from '@/components/ui/Icon'
import { Spinner } from '@/components/ui/Spinner'
import type { ExecutionStep, StepState } from '@/lib/core/execution/execution'
import { describeStep, describeStepState } from './executionWords'

function StepMark({ state, number }: { state: StepState; number: number }) {
  const frame = 'inline-flex size-8 shrink-0 items-center justify-center rounded-full border text-sm font-medium'
  switch (state.status) {
    case 'confirmed':
      return (
        <span className={cx(frame, 'border-ok-line bg-ok-soft text-ok')}>
          <Icon name="check" />
        </span>
      )
    case 'awaitingSignature':
      return (
        <span className={cx(frame, 'border-transparent bg-accent-soft text-accent')}>
          <Icon name="wallet" />
        </span>
      )
    case 'awaitingReceipt':
      return (
        <span className={cx(frame, 'border-transparent bg-accent-soft text-accent')}>
          <Spinner />
        </span>
      )
    case 'reverted':
    case 'notIncluded':
    case 'broken':
      return (
        <span className={cx(frame, 'border-danger-line bg-danger-soft text-danger')}>
          <Icon name="close" />
        </span>
      )
    case 'held':
    case 'unsent':
    case 'unresolved':
      return (
        <span className={cx(frame, 'border-warn-line bg-warn-soft text-warn')}>
          <Icon name={state.status === 'unsent' ? 'close' : 'alert'} />
        </span>
      )
    case 'idle':
      return <span className={cx(frame, 'border-line text-ink-faint')}>{number}</span>
  }
}

function sentText(state: StepState): { label: string; text: string } | undefined {
  if ('txHash' in state && state.txHash !== undefined && state.status !== 'notIncluded')
    return { label: 'Transaction', text: state.txHash }
  if (!('id' in state)) return undefined
  return state.id.kind === 'transaction'
    ? { label: 'Transaction', text: state.id.hash }
    : { label: 'Batch', text: state.id.batchId }
}

type StepListProps = {
  readonly steps: readonly ExecutionStep[]
  readonly symbolOf: (step: ExecutionStep) => string
}

/** What the wallet is asked for, one after the other, and where each stands. */
export function StepList({ steps, symbolOf }: StepListProps) {
  return (
    <ol aria-label="Steps" className="divide-y divide-line">
      {steps.map((step, index) => {
        const { kind, state, token } = step
        const sent = sentText(state)
        return (
          <li key={`${kind}-${token ?? ''}`} className="flex items-start gap-3 py-3">
            <span aria-hidden="true">
              <StepMark state={state} number={index + 1} />
            </span>
            <div className="min-w-0 flex-1 pt-1">
              <p className="flex flex-wrap items-baseline justify-between gap-x-4">
                <span className="font-medium">{describeStep(step, symbolOf(step))}</span>
                <span className="text-ink-faint text-sm">{describeStepState(step)}</span>
              </p>
              {sent !== undefined && (
                <p className="flex items-center gap-1 text-[13px] text-ink-faint">
                  <span className="min-w-0 truncate font-mono text-[12px]" title={sent.text}>
                    {sent.text}
                  </span>
                  <CopyButton text={sent.text} label={`Copy the ${sent.label.toLowerCase()} id`} />
                </p>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
