import type { ReactNode } from 'react'
import { Panel } from '@/components/ui/Panel'
import type { Asset } from '@/lib/core/asset'
import type { Execution } from '@/lib/core/execution/execution'
import { findToken } from './planView'
import { StepList } from './StepList'

type ExecutionPanelProps = {
  readonly execution: Execution
  readonly assets: readonly Asset[]
  /** What went wrong, or what is waited for. */
  readonly notice?: ReactNode
  readonly actions?: ReactNode
}

/** The steps of a rebalance on their way, with what can be done at the moment. */
export function ExecutionPanel({ execution, assets, notice, actions }: ExecutionPanelProps) {
  const { steps, rung } = execution
  return (
    <Panel
      title="On its way"
      description={
        rung === 'atomicBatch' || steps.length === 1
          ? 'One signature. Either all of it happens or nothing.'
          : 'Approvals one by one, then all swaps in one transaction. Nothing is traded before the last step.'
      }
    >
      <StepList
        steps={steps}
        symbolOf={({ token }) => (token === undefined ? '' : (findToken(assets, token)?.symbol ?? token))}
      />
      {notice !== undefined && notice !== false && <div className="mt-4">{notice}</div>}
      {actions !== undefined && actions !== false && <div className="mt-4 flex flex-wrap gap-3">{actions}</div>}
    </Panel>
  )
}
