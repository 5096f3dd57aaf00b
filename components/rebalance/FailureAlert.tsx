import type { ReactNode } from 'react'
import { Alert } from '@/components/ui/Alert'
import type { ExecutionFailure } from '@/lib/core/execution/execution'
import { describeFailure } from './executionWords'

type FailureAlertProps = {
  readonly failure: ExecutionFailure
  readonly chainName: string
  /** Approvals that were already made, and stay. */
  readonly approvalsMade?: number
  readonly action?: ReactNode
  readonly className?: string | undefined
  readonly children?: ReactNode
}

/** Says what went wrong on the way to the chain. A person's own "no" is told quietly and is no error. */
export function FailureAlert({
  failure,
  chainName,
  approvalsMade = 0,
  action,
  className,
  children,
}: FailureAlertProps) {
  const { code, tone, title, body } = describeFailure(failure, { chainName, approvalsMade })
  if (tone === 'neutral') {
    return (
      <Alert tone="info" title={title} code={code} action={action} {...(className === undefined ? {} : { className })}>
        <p>{body}</p>
        {children}
      </Alert>
    )
  }
  return (
    <div role="alert" data-error-code={code} className={className}>
      <Alert tone="warn" title={title} action={action}>
        <p>{body}</p>
        {children}
      </Alert>
    </div>
  )
}
