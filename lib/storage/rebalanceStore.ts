import * as v from 'valibot'
import type { AssetId } from '@/lib/core/asset'
import type { ExecutionRecord } from '@/lib/core/execution/execution'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { toUsd, type Usd } from '@/lib/core/units'
import { type AccountOnChain, toAccountKey } from './accountStores'
import { amount, text } from './chainSchemas'
import { createStore, type Store } from './createStore'
import { executionRecordSchema } from './executionSchema'
import { planSchema } from './planSchema'
import { upgradeRebalanceV1 } from './rebalanceV1'

/** A rebalance from its signature to its receipt: what was sent, and the plan that it is measured against. */
export type SavedRebalance = {
  readonly record: ExecutionRecord
  readonly plan: RebalancePlan
  /** Fresh prices of the plan's block, in dollars x 1e18 for one whole token. */
  readonly prices: readonly { readonly assetId: AssetId; readonly usd: Usd }[]
}

const usd = v.pipe(amount, v.transform(toUsd))

const schema: v.GenericSchema<unknown, SavedRebalance> = v.object({
  record: executionRecordSchema,
  plan: planSchema,
  prices: v.array(v.object({ assetId: text, usd })),
})

const stores = new Map<string, Store<SavedRebalance>>()

/** The rebalance of an account on a chain that has not been put away yet. There is at most one. */
export function rebalanceStore(of: AccountOnChain): Store<SavedRebalance> {
  const key = toAccountKey('rebalance', of)
  const known = stores.get(key)
  if (known !== undefined) return known
  const made = createStore({ key, version: 2, schema, earlier: { version: 1, upgrade: upgradeRebalanceV1 } })
  stores.set(key, made)
  return made
}
