import { swapExactIn } from '../amm/swapExactIn'
import { type AssetId, nativeAddress } from '../asset'
import type { Pool } from '../snapshot'
import type { Address } from '../units'
import type { ReplayedLeg } from './composeLegs'
import { flowLegGas } from './gasModel'
import type { Leg, RebalancePlan } from './plan'

/** What stands in the router by token, as the plan has it and as it is now. */
class Purses {
  readonly #amounts = new Map<string, { planned: bigint; now: bigint }>()

  of(token: Address): { planned: bigint; now: bigint } {
    const key = token.toLowerCase()
    const amount = this.#amounts.get(key) ?? { planned: 0n, now: 0n }
    this.#amounts.set(key, amount)
    return amount
  }

  add(token: Address, planned: bigint, now: bigint): void {
    const amount = this.of(token)
    amount.planned += planned
    amount.now += now
  }

  /** All of one token becomes another one. */
  convert(from: Address, to: Address): void {
    const { planned, now } = this.of(from)
    this.add(to, planned, now)
    this.add(from, -planned, -now)
  }
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/**
 * Replays the legs of a plan for the Universal Router on pools of another block: explicit amounts stay, and legs that take what is left
 * of a token take what is left of it then.
 * @returns nothing where a pool cannot take an amount, or an explicit amount is no longer there.
 */
export function replayPlannedFlow(
  { legs, spendings, purchases }: RebalancePlan,
  pools: readonly Pool[],
  wrappedNative: Address,
): readonly ReplayedLeg[] | undefined {
  const state = new Map<string, Pool>(pools.map((pool) => [pool.id, pool]))
  const purses = new Purses()
  for (const { token, amount } of spendings) purses.add(token, amount, amount)
  for (const { hops, amountIn, paidFrom } of legs) {
    if (paidFrom === 'token') purses.add(hops[0].tokenIn, -amountIn, -amountIn)
  }
  const bought = new Set<AssetId>(purchases.map(({ assetId }) => assetId))
  const conversion = findConversion(legs, purses, wrappedNative)
  const replayed: ReplayedLeg[] = []
  for (const [position, leg] of legs.entries()) {
    const [hop] = leg.hops
    const isSpender = (other: Leg) => other.paidFrom !== 'token' && isSame(other.hops[0].tokenIn, hop.tokenIn)
    let amountIn = leg.amountIn
    if (leg.paidFrom !== 'token') {
      if (conversion && isSame(conversion.to, hop.tokenIn) && legs.findIndex(isSpender) === position) {
        purses.convert(conversion.from, conversion.to)
      }
      const purse = purses.of(hop.tokenIn)
      const isLast = !legs.slice(position + 1).some(isSpender)
      if (isLast && purse.planned === leg.amountIn && !bought.has(leg.sell)) amountIn = purse.now
      if (amountIn > purse.now) return undefined
      purses.add(hop.tokenIn, -leg.amountIn, -amountIn)
    }
    const pool = state.get(hop.pool.id)
    const outcome = pool && amountIn > 0n ? swapExactIn({ pool, tokenIn: hop.tokenIn, amountIn }) : undefined
    if (pool === undefined || outcome?.status !== 'swapped') return undefined
    state.set(pool.id, outcome.pool)
    const quotedOut = outcome.amountOut
    if (leg.paidTo === 'router') purses.add(hop.tokenOut, leg.quotedOut, quotedOut)
    const { tokenIn, tokenOut } = hop
    const gas = flowLegGas({ kind: pool.kind, tokenIn, tokenOut, ticksCrossed: outcome.ticksCrossed }, leg.paidFrom)
    replayed.push({ ...leg, hops: [{ ...hop, amountIn, amountOut: quotedOut }], amountIn, quotedOut, gas })
  }
  return replayed
}

/** Native coin that becomes wrapped coin, or back, because the legs need more of the one than comes in. */
function findConversion(
  legs: readonly Leg[],
  purses: Purses,
  wrappedNative: Address,
): { readonly from: Address; readonly to: Address } | undefined {
  const isShortOf = (token: Address) => {
    let left = purses.of(token).planned
    for (const { paidFrom, paidTo, hops, amountIn, quotedOut } of legs) {
      if (paidFrom !== 'token' && isSame(hops[0].tokenIn, token)) left -= amountIn
      if (paidTo === 'router' && isSame(hops[0].tokenOut, token)) left += quotedOut
    }
    return left < 0n
  }
  if (isShortOf(wrappedNative)) return { from: nativeAddress, to: wrappedNative }
  return isShortOf(nativeAddress) ? { from: wrappedNative, to: nativeAddress } : undefined
}
