import { useMemo, useSyncExternalStore } from 'react'
import type { Receipt } from '@/lib/core/activity/receipt'
import { composeUndoTargets, type UndoTargets } from '@/lib/core/activity/undoTargets'
import type { Asset } from '@/lib/core/asset'
import type { Targets } from '@/lib/core/targets'
import type { Hex } from '@/lib/core/units'
import type { AccountOnChain } from '@/lib/storage/accountStores'
import { useDeployment } from '../useDeployment'
import { selectUndo, subscribeToUndo } from './undoFragment'
import { useActivity } from './useActivity'

/** What the page's address asks to undo. Only with `ready` is there a way back; else the saved targets count. */
export type Undo =
  | { readonly status: 'ready'; readonly txHash: Hex; readonly receipt: Receipt; readonly targets: Targets }
  /** This device keeps no receipt of that transaction for the account. */
  | { readonly status: 'notFound'; readonly txHash: Hex }
  | {
      readonly status: 'refused'
      readonly txHash: Hex
      readonly why: Exclude<UndoTargets, { readonly status: 'composed' }>
    }

/** Finds what is to be undone among an account's receipts. */
export function findUndo(txHash: Hex, receipts: readonly Receipt[], assets: readonly Asset[]): Undo {
  const receipt = receipts.find((candidate) => candidate.txHash === txHash)
  if (receipt === undefined) return { status: 'notFound', txHash }
  const composed = composeUndoTargets(
    receipt,
    assets.map(({ id }) => id),
  )
  if (composed.status !== 'composed') return { status: 'refused', txHash, why: composed }
  return { status: 'ready', txHash, receipt, targets: composed.targets }
}

/** The one-off targets that the page's address asks for (`#undo=<transaction>`); nothing where it asks for none. */
export function useUndoTargets(of: AccountOnChain): Undo | undefined {
  const { assets } = useDeployment()
  const { receipts } = useActivity(of)
  const txHash = useSyncExternalStore(subscribeToUndo, selectUndo, () => undefined)
  return useMemo(
    () => (txHash === undefined ? undefined : findUndo(txHash, receipts, assets)),
    [txHash, receipts, assets],
  )
}
