import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import { isWatchable } from '@/lib/core/execution/reduceExecution'
import { startExecution } from '@/lib/core/execution/startExecution'
import type { PlanSubject } from '@/lib/query/planQuery'
import type { Review } from '@/lib/query/readReview'
import { rebalanceStore, type SavedRebalance } from '@/lib/storage/rebalanceStore'
import {
  type DriveAnswer,
  type DriveMode,
  driveRebalance,
  selectDrive,
  subscribeToDrives,
  toSavedPrices,
  watchRebalance,
} from './rebalance/drive'
import type { Session } from './useSession'

const absentWallet: WalletProvider = {
  request: () => Promise.reject({ code: 4100, message: 'No wallet is connected.' }),
}

function toSaved({ plan, snapshot, bundle, decoded, rung }: Review): SavedRebalance {
  const id = `${Date.now()}-${bundle.hash}`
  return {
    record: { execution: startExecution({ id, rung, bundle, approvals: decoded.approvals }), bundle },
    plan,
    prices: toSavedPrices(snapshot),
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

  const { account, client, deployment } = subject
  const connector = session.status === 'connected' ? session.connector : undefined
  const execution = saved?.record.execution
  const watchedId =
    execution !== undefined && drive.status !== 'driving' && isWatchable(execution) ? execution.id : undefined
  useEffect(() => {
    if (watchedId === undefined) return
    const findProvider = async () => (await connector?.getProvider()) as WalletProvider | undefined
    return watchRebalance({ subject: { account, client, deployment }, executionId: watchedId, findProvider })
  }, [watchedId, account, client, deployment, connector])

  async function go(rebalance: SavedRebalance | undefined, mode: DriveMode, answer: DriveAnswer = {}) {
    if (rebalance === undefined) return
    const provider =
      session.status === 'connected' ? ((await session.connector.getProvider()) as WalletProvider) : absentWallet
    await driveRebalance({ subject, provider, queries, saved: rebalance, mode, answer })
  }

  return {
    saved,
    drive,
    /** Signs what was reviewed: saves it, then asks the wallet. */
    start: (review: Review) => go(toSaved(review), 'run'),
    /** Asks for the next step. */
    proceed: (answer?: Pick<DriveAnswer, 'acknowledgedNonce'>) => go(store.read(), 'run', answer),
    /** Looks what became of the last step; asks the wallet for nothing. */
    resume: (answer?: Pick<DriveAnswer, 'isDeclined'>) => go(store.read(), 'resume', answer),
    /** The record as it is saved at this moment. */
    readSaved: store.read,
    /** Puts the rebalance away. What was sent stays on chain. */
    dismiss: store.clear,
  }
}
