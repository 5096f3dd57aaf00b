import * as v from 'valibot'
import type { AssetId } from '@/lib/core/asset'
import type { Bundle } from '@/lib/core/bundle'
import {
  type Execution,
  type ExecutionRecord,
  executionFailures,
  type SentId,
  type StepState,
} from '@/lib/core/execution/execution'
import type { Leg, RebalancePlan } from '@/lib/core/rebalance/plan'
import { type Address, type Hex, toBps, toUsd, type Usd } from '@/lib/core/units'
import { type AccountOnChain, toAccountKey } from './accountStores'
import { createStore, type Store } from './createStore'

/** A rebalance from its signature to its receipt: what was sent, and the plan that it is measured against. */
export type SavedRebalance = {
  readonly record: ExecutionRecord
  readonly plan: RebalancePlan
  /** Fresh prices of the plan's block, in dollars x 1e18 for one whole token. */
  readonly prices: readonly { readonly assetId: AssetId; readonly usd: Usd }[]
}

const text = v.pipe(v.string(), v.maxLength(200))
const hex = v.custom<Hex>((value) => typeof value === 'string' && /^0x(?:[0-9a-fA-F]{2})*$/.test(value))
const address = v.custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const whole = v.pipe(v.number(), v.safeInteger())
const amount = v.pipe(v.bigint(), v.minValue(0n))
const usd = v.pipe(amount, v.transform(toUsd))
const bps = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000), v.transform(toBps))

const failure = v.picklist(executionFailures)

const sentId: v.GenericSchema<unknown, SentId> = v.variant('kind', [
  v.object({ kind: v.literal('transaction'), hash: hex }),
  v.object({ kind: v.literal('batch'), batchId: v.pipe(v.string(), v.maxLength(10_000)) }),
])

const stepState: v.GenericSchema<unknown, StepState> = v.variant('status', [
  v.object({ status: v.literal('idle') }),
  v.object({ status: v.literal('awaitingSignature') }),
  v.object({ status: v.literal('awaitingReceipt'), id: sentId }),
  v.object({ status: v.literal('confirmed'), id: sentId, txHash: hex, blockNumber: amount }),
  v.object({ status: v.literal('reverted'), id: sentId, txHash: hex, reason: v.string() }),
  v.object({
    status: v.literal('notIncluded'),
    id: sentId,
    cause: v.picklist(['replaced', 'expired', 'droppedByWallet']),
  }),
  v.object({ status: v.literal('unsent'), failure }),
  v.object({ status: v.literal('unresolved'), id: sentId, failure }),
])

const execution: v.GenericSchema<unknown, Execution> = v.object({
  id: text,
  account: address,
  chainId: count,
  rung: v.picklist(['atomicBatch', 'approveThenSwap']),
  bundleHash: hex,
  deadline: count,
  steps: v.pipe(
    v.array(
      v.object({
        kind: v.picklist(['batch', 'resetApproval', 'approval', 'swap']),
        token: v.exactOptional(address),
        state: stepState,
        request: v.exactOptional(v.object({ nonce: count, blockNumber: amount, callsHash: hex })),
      }),
    ),
    v.minLength(1),
  ),
})

const call = v.object({ to: address, data: hex, value: amount })

const bundle: v.GenericSchema<unknown, Bundle> = v.object({
  chainId: count,
  account: address,
  approvals: v.array(call),
  swap: call,
  deadline: count,
  hash: hex,
})

function nonEmpty<Item>(items: readonly Item[]): items is readonly [Item, ...Item[]] {
  return items.length > 0
}

function isTuple<Item>(value: unknown): value is readonly [Item, ...Item[]] {
  return Array.isArray(value) && nonEmpty(value)
}

const hop = v.object({
  pool: v.object({ kind: v.picklist(['constantProduct', 'concentrated']), address, feePips: count }),
  sell: text,
  buy: text,
  tokenIn: address,
  tokenOut: address,
  amountIn: amount,
  amountOut: amount,
})

const leg: v.GenericSchema<unknown, Leg> = v.object({
  sell: text,
  buy: text,
  paidFrom: v.picklist(['native', 'token']),
  hops: v.pipe(v.array(hop), v.guard(isTuple<v.InferOutput<typeof hop>>)),
  amountIn: amount,
  quotedOut: amount,
  minimumOut: amount,
  oracleFloor: amount,
  soldUsd: usd,
  feeUsd: usd,
  impactUsd: v.bigint(),
  impactBps: whole,
  gas: amount,
})

const skipReason = v.picklist([
  'inBand',
  'belowMinimum',
  'noRoute',
  'priceImpact',
  'stalePrice',
  'unpriced',
  'reserve',
  'callBudget',
  'unreadable',
])

const plan: v.GenericSchema<unknown, RebalancePlan> = v.object({
  chainId: count,
  account: address,
  block: v.object({ number: amount, hash: hex, timestamp: count, baseFeePerGas: amount }),
  legs: v.pipe(v.array(leg), v.guard(isTuple<Leg>)),
  positions: v.array(
    v.object({
      assetId: text,
      nowAmount: amount,
      nowUsd: usd,
      nowBps: bps,
      projectedAmount: amount,
      projectedUsd: usd,
      projectedBps: bps,
      targetBps: bps,
    }),
  ),
  skipped: v.array(v.object({ assetId: text, reason: skipReason, driftBps: whole })),
  cost: v.object({ feeUsd: usd, impactUsd: v.bigint(), gasUsd: usd, totalUsd: v.bigint(), totalCentiBps: whole }),
  gas: v.object({ units: amount, maxFeePerGas: amount, usd }),
  certificate: v.object({
    valueUsd: v.number(),
    boundUsd: v.number(),
    gapBps: v.number(),
    shadowPrices: v.array(v.object({ assetId: text, usd: v.number() })),
  }),
  nativeReserve: amount,
  driftBeforeBps: count,
  driftAfterBps: count,
  deadline: count,
  impactLevel: v.picklist(['quiet', 'warn', 'typeLoss']),
})

const schema: v.GenericSchema<unknown, SavedRebalance> = v.object({
  record: v.object({ execution, bundle, requoted: v.exactOptional(bundle) }),
  plan,
  prices: v.array(v.object({ assetId: text, usd })),
})

const stores = new Map<string, Store<SavedRebalance>>()

/** The rebalance of an account on a chain that has not been put away yet. There is at most one. */
export function rebalanceStore(of: AccountOnChain): Store<SavedRebalance> {
  const key = toAccountKey('rebalance', of)
  const known = stores.get(key)
  if (known !== undefined) return known
  const made = createStore({ key, version: 1, schema })
  stores.set(key, made)
  return made
}
