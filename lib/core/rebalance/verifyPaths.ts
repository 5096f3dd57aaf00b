import { nativeAddress } from '../asset'
import type { Leg, Purchase, RebalancePlan } from './plan'
import { demand, freshPriceOf, pipsWhole, type Readings, whole } from './planPromises'
import type { PlanRequest } from './planRequest'

/** What a plan through SwapRouter02 promises: each leg is a path from a sold to a bought asset, with a minimum of its own. */
export function verifyPaths(plan: RebalancePlan, request: PlanRequest, readings: Readings): void {
  for (const leg of plan.legs) verifyMinimum(leg, request, readings)
  verifyOrder(plan.legs, request)
  verifySums(plan, request)
}

/** the minimum lies between what slippage and oracle ask for and what is quoted; A-21: rounded up. */
function verifyMinimum(leg: Leg, { settings, oracleToleranceBps }: PlanRequest, readings: Readings): void {
  const sell = freshPriceOf(readings, leg.sell)
  const buy = freshPriceOf(readings, leg.buy)
  const isStablePair = sell.isStable && buy.isStable
  const slippage = isStablePair ? Math.min(settings.slippageBps, settings.stableSlippageBps) : settings.slippageBps
  demand(leg.minimumOut <= leg.quotedOut, 'A-07', `${leg.sell} to ${leg.buy} asks for more than is quoted`)
  demand(
    leg.minimumOut * whole >= leg.quotedOut * (whole - BigInt(slippage)),
    'A-20',
    'a minimum allows more slippage than set',
  )
  demand(leg.minimumOut >= leg.oracleFloor, 'A-07', 'a minimum lies below the oracle floor')
  let kept = 1n
  let of = 1n
  for (const { pool } of leg.hops) {
    kept *= pipsWhole - BigInt(pool.feePips)
    of *= pipsWhole
  }
  const tolerance = BigInt(oracleToleranceBps ?? 100)
  // {out} * {usd/out} / {out/token} >= {in} * {usd/in} / {in/token} * (kept/of - tolerance/whole), without divisions
  const paid = leg.minimumOut * buy.usd * sell.unit * of * whole
  const owed = leg.amountIn * sell.usd * buy.unit * (kept * whole - tolerance * of)
  demand(paid >= owed, 'A-07', `${leg.sell} to ${leg.buy} may pay less than the oracle floor`)
}

/** A-17 and the router's rules: nothing both sold and bought, native legs first, legs that leave the wrapped coin behind last. */
function verifyOrder(legs: readonly Leg[], { wrappedNative }: PlanRequest): void {
  const sold = new Set(legs.map(({ sell }) => sell))
  for (const { buy } of legs) demand(!sold.has(buy), 'A-17', `${buy} is both sold and bought`)
  const wrapped = wrappedNative.toLowerCase()
  const buysWrapped = ({ hops }: Leg) => hops[hops.length - 1]?.tokenOut.toLowerCase() === wrapped
  for (const leg of legs) {
    const { sell, hops } = leg
    const visited = [sell, ...hops.map(({ buy }) => buy)]
    demand(new Set(visited).size === visited.length, 'A-17', 'a leg runs in a circle')
    demand(
      hops.every(({ pool }) => pool.kind !== 'singleton'),
      'A-09',
      'the router knows no v4',
    )
    demand(leg.paidFrom !== 'router', 'order', 'a leg is paid from a router that holds nothing')
    const payee = buysWrapped(leg) ? 'router' : 'account'
    demand(leg.paidTo === payee, 'order', 'a leg pays whom it must not')
  }
  const group = (leg: Leg) => {
    if (leg.paidFrom !== 'native') return buysWrapped(leg) ? 2 : 1
    demand(leg.hops[0].tokenIn.toLowerCase() === wrapped, 'order', 'a native leg does not begin with the wrapped coin')
    return 0
  }
  const groups = legs.map(group)
  const isOrdered = groups.every((value, position) => value >= (groups[position - 1] ?? 0))
  demand(isOrdered, 'order', 'native legs must stand first and legs that buy the native coin last')
}

/** What is spent and bought is what the legs sell and buy. */
function verifySums({ legs, spendings, purchases }: RebalancePlan, { wrappedNative }: PlanRequest): void {
  const tokenIn = ({ paidFrom, hops }: Leg) => (paidFrom === 'native' ? nativeAddress : hops[0].tokenIn).toLowerCase()
  const tokenOut = ({ hops }: Leg) => {
    const token = (hops[hops.length - 1] ?? hops[0]).tokenOut.toLowerCase()
    return token === wrappedNative.toLowerCase() ? nativeAddress.toLowerCase() : token
  }
  for (const leg of legs) {
    const isSpent = spendings.some(({ assetId, token }) => assetId === leg.sell && token.toLowerCase() === tokenIn(leg))
    const isBought = purchases.some(
      ({ assetId, token }) => assetId === leg.buy && token.toLowerCase() === tokenOut(leg),
    )
    demand(isSpent && isBought, 'sums', 'a leg trades what the plan neither spends nor buys')
  }
  for (const { token, amount } of spendings) {
    const sold = sumOf(legs, (leg) => (tokenIn(leg) === token.toLowerCase() ? leg.amountIn : 0n))
    demand(sold === amount, 'sums', 'the legs sell another amount than is spent')
  }
  for (const purchase of purchases) {
    for (const field of ['quotedOut', 'minimumOut', 'oracleFloor'] as const satisfies readonly (keyof Purchase)[]) {
      const total = sumOf(legs, (leg) => (leg.buy === purchase.assetId ? leg[field] : 0n))
      demand(total === purchase[field], 'sums', 'the legs bring another amount than is bought')
    }
  }
}

function sumOf(legs: readonly Leg[], of: (leg: Leg) => bigint): bigint {
  return legs.reduce((sum, leg) => sum + of(leg), 0n)
}
