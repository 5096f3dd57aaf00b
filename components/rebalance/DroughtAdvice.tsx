import type { AssetId } from '@/lib/core/asset'
import type { Relief } from '@/lib/core/drought/relief'
import { useMarketMemory } from '@/lib/hooks/useMarketMemory'
import type { PlanState } from '@/lib/query/planQuery'
import { DroughtNotice } from './DroughtNotice'
import { DroughtReliefNote } from './DroughtReliefNote'

type DroughtAdviceProps = {
  /** Missing until there is one. */
  readonly state: PlanState | undefined
  /** Assets that others are routed through. */
  readonly hubAssetIds: readonly AssetId[]
  readonly relief: Relief
  readonly onRelieve: (relief: Relief) => void
}

/** Above a plan: what was taken out of it, whether its market is thin, and the ways on. Remembers what it sees for later plans. */
export function DroughtAdvice({ state, hubAssetIds, relief, onRelieve }: DroughtAdviceProps) {
  const plan = state?.outcome.status === 'planned' ? state.outcome.plan : undefined
  useMarketMemory(state?.snapshot, plan)
  return (
    <div className="space-y-4 not-empty:pb-6">
      <DroughtReliefNote relief={relief} onRelieve={onRelieve} />
      {state !== undefined && plan !== undefined && (
        <DroughtNotice
          plan={plan}
          snapshot={state.snapshot}
          hubAssetIds={hubAssetIds}
          relief={relief}
          onRelieve={onRelieve}
        />
      )}
    </div>
  )
}
