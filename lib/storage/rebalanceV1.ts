import * as v from 'valibot'
import { sumPurchases, sumSpendings } from '@/lib/core/rebalance/sumLegs'
import { address, amount, text } from './chainSchemas'

/** The one asset that was paid out as native coin when journals of version 1 were written. */
const etherId = 'ETH'

const hop = v.pipe(
  v.looseObject({ tokenIn: address, tokenOut: address, pool: v.looseObject({ address }) }),
  v.transform(({ pool: { address: id, ...pool }, ...rest }) => ({ ...rest, pool: { ...pool, id } })),
)

const leg = v.pipe(
  v.looseObject({
    sell: text,
    buy: text,
    paidFrom: v.picklist(['native', 'token']),
    hops: v.pipe(v.tupleWithRest([hop], hop)),
    amountIn: amount,
    quotedOut: amount,
    minimumOut: amount,
    oracleFloor: amount,
  }),
  v.transform((one) => ({ ...one, paidTo: one.buy === etherId ? ('router' as const) : ('account' as const) })),
)

/** Every plan went through SwapRouter02, in legs of v2 and v3 pools named by their address. */
const plan = v.pipe(
  v.looseObject({ legs: v.array(leg), certificate: v.looseObject({}) }),
  v.transform(({ legs, certificate, ...rest }) => ({
    ...rest,
    router: 'swapRouter02',
    legs,
    spendings: sumSpendings(legs.map(toFlatLeg)),
    purchases: sumPurchases(legs.map(toFlatLeg)),
    leftOut: [],
    certificate: { ...certificate, poolUse: [] },
  })),
)

type LegV1 = v.InferOutput<typeof leg>

/** What sums are made of; what pools are called does not count. */
function toFlatLeg({ hops: [first, ...rest], ...one }: LegV1) {
  const pool = { kind: 'constantProduct', id: '0x', feePips: 0 } as const
  const flat = ({ tokenIn, tokenOut }: LegV1['hops'][number]) => {
    return { pool, sell: '', buy: '', amountIn: 0n, amountOut: 0n, tokenIn, tokenOut }
  }
  return { ...one, hops: [flat(first), ...rest.map(flat)] as const }
}

/** What the chain showed was taken for final, and its block was not kept but for what was confirmed. */
const step = v.pipe(
  v.looseObject({ state: v.looseObject({ status: v.string() }) }),
  v.transform(({ state, ...rest }) => {
    const isShown = ['confirmed', 'reverted', 'notIncluded'].includes(state.status)
    return { ...rest, state: isShown ? { blockNumber: 0n, blockHash: '0x', finality: 'final', ...state } : state }
  }),
)

const rebalance = v.looseObject({
  record: v.looseObject({ execution: v.looseObject({ steps: v.array(step) }) }),
  plan,
})

/**
 * A journaled rebalance of version 1 as version 2 has it, still to be checked.
 * @throws {v.ValiError} when it is none.
 */
export function upgradeRebalanceV1(value: unknown): unknown {
  return v.parse(rebalance, value)
}
