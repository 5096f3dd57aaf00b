import * as v from 'valibot'
import type {
  HopPool,
  LeftOutPool,
  Leg,
  Purchase,
  RebalancePlan,
  SkipReason,
  Spending,
} from '@/lib/core/rebalance/plan'
import { toBps, toUsd } from '@/lib/core/units'
import { address, amount, count, hex, text } from './chainSchemas'

const whole = v.pipe(v.number(), v.safeInteger())
const usd = v.pipe(amount, v.transform(toUsd))
const bps = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000), v.transform(toBps))

function nonEmpty<Item>(items: readonly Item[]): items is readonly [Item, ...Item[]] {
  return items.length > 0
}

function isTuple<Item>(value: unknown): value is readonly [Item, ...Item[]] {
  return Array.isArray(value) && nonEmpty(value)
}

const hopPool: v.GenericSchema<unknown, HopPool> = v.variant('kind', [
  v.object({ kind: v.picklist(['constantProduct', 'concentrated']), id: hex, feePips: count }),
  v.object({ kind: v.literal('singleton'), id: hex, feePips: count, tickSpacing: count }),
])

const assetPair = v.pipe(v.tuple([text, text]), v.readonly())

const hop = v.object({
  pool: hopPool,
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
  paidFrom: v.picklist(['native', 'token', 'router']),
  paidTo: v.picklist(['account', 'router']),
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

/** Whatever a plan may say: a reason that is missing here would make what was sent unreadable. */
const skipReasons: Readonly<Record<SkipReason, true>> = {
  inBand: true,
  belowMinimum: true,
  noRoute: true,
  priceImpact: true,
  stalePrice: true,
  unpriced: true,
  reserve: true,
  callBudget: true,
  legLimit: true,
  unreadable: true,
  locked: true,
  excluded: true,
  mayNotBuy: true,
  mayNotSell: true,
  weightLimit: true,
  mode: true,
  turnoverCap: true,
  drought: true,
}

const skipReason = v.picklist(Object.keys(skipReasons) as readonly SkipReason[])

const spending: v.GenericSchema<unknown, Spending> = v.object({ assetId: text, token: address, amount })

const purchase: v.GenericSchema<unknown, Purchase> = v.object({
  assetId: text,
  token: address,
  quotedOut: amount,
  minimumOut: amount,
  oracleFloor: amount,
})

const leftOut: v.GenericSchema<unknown, LeftOutPool> = v.object({
  pool: hopPool,
  assetIds: assetPair,
  reason: v.picklist(['noLiquidity', 'tooShallow', 'offPrice', 'unpriced', 'batchOnly']),
  offBps: v.exactOptional(whole),
})

/** A plan as it was signed. */
export const planSchema: v.GenericSchema<unknown, RebalancePlan> = v.object({
  chainId: count,
  account: address,
  block: v.object({ number: amount, hash: hex, timestamp: count, baseFeePerGas: amount }),
  router: v.picklist(['swapRouter02', 'universalRouter']),
  legs: v.pipe(v.array(leg), v.guard(isTuple<Leg>)),
  spendings: v.pipe(v.array(spending), v.guard(isTuple<Spending>)),
  purchases: v.pipe(v.array(purchase), v.guard(isTuple<Purchase>)),
  part: v.exactOptional(v.object({ part: v.literal(1), of: v.pipe(count, v.minValue(2)) })),
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
  leftOut: v.array(leftOut),
  cost: v.object({ feeUsd: usd, impactUsd: v.bigint(), gasUsd: usd, totalUsd: v.bigint(), totalCentiBps: whole }),
  gas: v.object({ units: amount, maxFeePerGas: amount, usd }),
  certificate: v.object({
    valueUsd: v.number(),
    boundUsd: v.number(),
    gapBps: v.number(),
    shadowPrices: v.array(v.object({ assetId: text, usd: v.number() })),
    poolUse: v.array(
      v.object({
        pool: hopPool,
        assetIds: assetPair,
        soldUsd: v.number(),
        surplusUsd: v.number(),
        gasUsd: v.number(),
      }),
    ),
  }),
  nativeReserve: amount,
  driftBeforeBps: count,
  driftAfterBps: count,
  deadline: count,
  impactLevel: v.picklist(['quiet', 'warn', 'typeLoss']),
})
