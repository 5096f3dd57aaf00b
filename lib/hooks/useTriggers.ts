import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { judgePortfolio, type KeptMemory, type PortfolioJudgementRequest } from '@/lib/core/triggers/judgePortfolio'
import type { TriggerJudgement } from '@/lib/core/triggers/judgeTriggers'
import type { AccountOnChain } from '@/lib/storage/accountStores'
import { triggerStores } from '@/lib/storage/triggerStore'
import { useActivity } from './activity/useActivity'
import { useMinute } from './useMinute'

type TriggersRequest = Omit<PortfolioJudgementRequest, 'kept' | 'acts' | 'nowSeconds'> & {
  readonly chainId: number
  /** Called once for each time that something newly fires. */
  readonly onFire?: (judgement: TriggerJudgement) => void
}

/**
 * What the triggers of an account say now. Each judgement leaves its memory on the device, so that a notice comes once, also after a
 * reload and with two tabs. Nothing is traded.
 */
export function useTriggers({ onFire, chainId, ...request }: TriggersRequest) {
  const of: AccountOnChain = { account: request.account, chainId }
  const queries = useQueryClient()
  const store = triggerStores(of).memory
  const kept = useSyncExternalStore<KeptMemory | undefined>(store.subscribe, store.read, () => undefined)
  const { receipts } = useActivity(of)
  const nowSeconds = useMinute()
  const [notice, setNotice] = useState<TriggerJudgement>()
  const acts = receipts.map(({ planned, legs }) => ({
    assetIds: legs.flatMap(({ sell, buy }) => [sell, buy]),
    seconds: planned.timestamp,
  }))
  const { judgement, kept: next } = judgePortfolio({ ...request, kept, acts, nowSeconds })

  useEffect(() => {
    // Another tab may have judged since this was drawn: then it is drawn again.
    if (store.read() !== kept || JSON.stringify(next) === JSON.stringify(kept)) return
    store.save(next)
    if (!judgement.isNew) return
    setNotice(judgement)
    // The notice leads to the plan, and a plan from before would say that there is nothing to trade.
    void queries.invalidateQueries({ queryKey: ['plan'] })
    onFire?.(judgement)
  })

  return {
    judgement,
    /** What newly fired on this page and was not put away, while something still fires. */
    notice: judgement.isFiring ? notice : undefined,
    dismiss: () => setNotice(undefined),
  }
}
