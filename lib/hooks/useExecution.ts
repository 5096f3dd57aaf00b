import { useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import { startExecution } from '@/lib/core/execution/startExecution'
import type { PlanSubject } from '@/lib/query/planQuery'
import type { Review } from '@/lib/query/readReview'
import { rebalanceStore, type SavedRebalance } from '@/lib/storage/rebalanceStore'
import { driveRebalance, selectDrive, subscribeToDrives } from './rebalance/drive'
import type { Session } from './useSession'

const absentWallet: WalletProvider = {
  request: () => Promise.reject({ code: 4100, message: 'No wallet is connected.' }),
}

function toSaved({ plan, snapshot, bundle, decoded, rung }: Review): SavedRebalance {
  const id = `${Date.now()}-${bundle.hash}`
  return {
    record: { execution: startExecution({ id, rung, bundle, approvals: decoded.approvals }), bundle },
    plan,
    prices: snapshot.assets.flatMap(({ asset, price }) =>
      price.status === 'fresh' ? [{ assetId: asset.id, usd: price.usd }] : [],
    ),
  }
}

/** The rebalance of an account that was signed for and not yet put away, and what can be done with it. */
export function useExecution(subject: PlanSubject, session: Session) {
  const queries = useQueryClient()
  const store = rebalanceStore({ account: subject.account, chainId: subject.deployment.chainId })
  const saved = useSyncExternalStore<SavedRebalance | undefined>(store.subscribe, store.read, () => undefined)
  const drive = useSyncExternalStore(
    subscribeToDrives,
    () => selectDrive(subject),
    () => selectDrive(subject),
  )

  async function go(rebalance: SavedRebalance | undefined, mode: 'run' | 'resume') {
    if (rebalance === undefined) return
    const provider =
      session.status === 'connected' ? ((await session.connector.getProvider()) as WalletProvider) : absentWallet
    await driveRebalance({ subject, provider, queries, saved: rebalance, mode })
  }

  return {
    saved,
    drive,
    /** Signs what was reviewed: saves it, then asks the wallet. */
    start: (review: Review) => go(toSaved(review), 'run'),
    /** Asks for the next step. */
    proceed: () => go(store.read(), 'run'),
    /** Looks what became of the last step; asks the wallet for nothing. */
    resume: () => go(store.read(), 'resume'),
    /** The record as it is saved at this moment. */
    readSaved: store.read,
    /** Puts the rebalance away. What was sent stays on chain. */
    dismiss: store.clear,
  }
}
