import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { type DroughtJudgement, judgeDrought } from '@/lib/core/drought/judgeDrought'
import { type MarketObservations, noObservations, toCloseSpans } from '@/lib/core/drought/observations'
import { composeObservations, rememberMarket } from '@/lib/core/drought/rememberMarket'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Snapshot } from '@/lib/core/snapshot'
import { historyStore } from '@/lib/storage/historyStore'
import { marketMemoryStore } from '@/lib/storage/marketMemoryStore'

/** A snapshot alone is kept so often at most. */
const restSeconds = 60

/** Keeps on this device what a snapshot, and the plan that was made of it, say of the market. */
export function useMarketMemory(snapshot: Snapshot | undefined, plan?: RebalancePlan): void {
  useEffect(() => {
    if (snapshot === undefined) return
    const store = marketMemoryStore(snapshot.chainId)
    const before = store.read() ?? noObservations
    const now = snapshot.block.timestamp
    const age = now - (before.prices.at(-1)?.until ?? 0)
    if (plan === undefined && age >= 0 && age < restSeconds) return
    store.save(rememberMarket(before, composeObservations(snapshot, plan), now))
  }, [snapshot, plan])
}

/** Judges a plan by what this device saw of its chain's market before, and by the daily closes that it knows. */
export function useDrought(plan: RebalancePlan, snapshot: Snapshot): DroughtJudgement {
  const { chainId } = plan
  const store = marketMemoryStore(chainId)
  const memory = useSyncExternalStore<MarketObservations | undefined>(store.subscribe, store.read, () => undefined)
  return useMemo(() => {
    const { impacts, gaps, prices } = memory ?? noObservations
    const closes = toCloseSpans(historyStore(chainId).read(), snapshot.block.timestamp)
    return judgeDrought(plan, snapshot, { impacts, gaps, prices: [...prices, ...closes] })
  }, [plan, snapshot, memory, chainId])
}
