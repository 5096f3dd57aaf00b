import type { ReactNode } from 'react'
import { Alert } from '@/components/ui/Alert'
import type { Asset } from '@/lib/core/asset'
import { DisagreementList } from './DisagreementList'
import { describeProblem, type Problem } from './problem'

type FailureAlertProps = {
  readonly problem: Problem
  readonly chainName: string
  readonly assets: readonly Asset[]
  readonly action?: ReactNode
  readonly className?: string | undefined
  readonly children?: ReactNode
}

/** Says what went wrong on the way to the chain. A person's own "no" is told quietly and is no error. */
export function FailureAlert({ problem, chainName, assets, action, className, children }: FailureAlertProps) {
  const { code, tone, title, body } = describeProblem(problem, { chainName })
  if (tone === 'neutral') {
    return (
      <Alert tone="info" title={title} code={code} action={action} {...(className === undefined ? {} : { className })}>
        <p>{body}</p>
        {children}
      </Alert>
    )
  }
  const { disagreements = [] } = problem
  return (
    <div role="alert" data-error-code={code} className={className}>
      <Alert tone="warn" title={title} action={action}>
        <p>{body}</p>
        {disagreements.length > 0 && <DisagreementList disagreements={disagreements} assets={assets} />}
        {children}
      </Alert>
    </div>
  )
}
