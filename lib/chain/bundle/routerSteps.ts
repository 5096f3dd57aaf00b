import { isAddressEqual } from 'viem'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { nativeAddress } from '@/lib/core/asset'
import type { Hop, Leg, Purchase, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Address } from '@/lib/core/units'
import { poolIdOf } from './poolIdOf'
import { UnencodablePlanError } from './unencodablePlan'

/** One thing that the Universal Router is told to do. */
export type RouterStep =
  | { readonly kind: 'pull'; readonly token: Address; readonly amount: bigint }
  | {
      readonly kind: 'swap'
      readonly hop: Hop
      /** `rest`: all that the router then holds of `hop.tokenIn`. */
      readonly amountIn: bigint | 'rest'
      readonly minimumOut: bigint
      readonly payer: 'account' | 'router'
      readonly payee: 'account' | 'router'
    }
  | { readonly kind: 'wrap' | 'unwrap' }
  | { readonly kind: 'sweep'; readonly token: Address; readonly minimumOut: bigint }
  | { readonly kind: 'unwrapToAccount'; readonly minimumOut: bigint }

/**
 * Puts a plan's one-pool legs, in their order, between what fills the router and what empties it.
 *
 * What is sold is pulled by the leg itself, or into the router for several. Legs then spend what stands in the router in explicit
 * amounts; the last one that spends a token takes all that is left of it, so that what an earlier leg pays less than quoted is
 * carried on to the minimums at the end. What several legs buy is swept to the account with the purchase's minimum. Native and
 * wrapped coin are two balances of one asset: where its legs need more of one than comes in, all of the other is converted, once.
 *
 * @throws {UnencodablePlanError} when a leg is malformed, its order would have it spend what is not there yet, or something would
 * stay in the router.
 */
export function composeRouterSteps(plan: RebalancePlan, deployment: Deployment): readonly RouterStep[] {
  checkLegs(plan, deployment)
  const { wrappedNative } = deployment.contracts
  const purses = new Purses()
  const swept = plan.purchases.filter((purchase) => findPayingLeg(purchase, plan) === undefined)
  const pulls = composePulls(plan, purses)
  const swaps = composeSwaps(plan, { purses, wrappedNative, kept: tokensOf(swept, wrappedNative) })
  const ends = swept.flatMap((purchase) => composePayOut(purchase, purses, wrappedNative))
  const left = purses.findFilled()
  if (left !== undefined) throw new UnencodablePlanError(`something of the token ${left} would stay in the router.`)
  return [...pulls, ...swaps, ...ends]
}

/** What stands in the router of each token when every leg pays what is quoted. */
class Purses {
  readonly #amounts = new Map<string, bigint>()

  amountOf(token: Address): bigint {
    return this.#amounts.get(token.toLowerCase()) ?? 0n
  }

  add(token: Address, amount: bigint): void {
    this.#amounts.set(token.toLowerCase(), this.amountOf(token) + amount)
  }

  /** Empties a purse and says what was in it. */
  take(token: Address): bigint {
    const amount = this.amountOf(token)
    this.#amounts.delete(token.toLowerCase())
    return amount
  }

  findFilled(): string | undefined {
    return [...this.#amounts].find(([, amount]) => amount !== 0n)?.[0]
  }
}

function isNative(token: Address): boolean {
  return isAddressEqual(token, nativeAddress)
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}

function checkLegs(plan: RebalancePlan, deployment: Deployment): void {
  const pools = new Set<string>()
  plan.legs.forEach((leg, index) => {
    const refuse = (reason: string): never => {
      throw new UnencodablePlanError(reason, index)
    }
    const [hop, ...others] = leg.hops
    if (others.length > 0) refuse('it has more than one pool.')
    if (leg.amountIn <= 0n) refuse('it sells nothing.')
    if (leg.amountIn !== hop.amountIn || leg.quotedOut !== hop.amountOut) refuse('its hop has other amounts.')
    if (leg.sell !== hop.sell || leg.buy !== hop.buy) refuse('its hop trades other assets.')
    if (isAddressEqual(hop.tokenIn, hop.tokenOut)) refuse('it buys what it sells.')
    if (hop.pool.kind !== 'singleton' && (isNative(hop.tokenIn) || isNative(hop.tokenOut))) {
      refuse('only v4 pools trade the native coin.')
    }
    if (hop.pool.id.toLowerCase() !== poolIdOf(hop, deployment).toLowerCase()) {
      refuse(`the router would not use the pool ${hop.pool.id}.`)
    }
    if (pools.has(hop.pool.id.toLowerCase())) refuse('its pool is used by another leg.')
    pools.add(hop.pool.id.toLowerCase())
    if (leg.paidFrom === 'token' && isNative(hop.tokenIn)) refuse('the native coin cannot be pulled.')
    checkMinimum(leg, plan, refuse)
  })
  for (const { token, quotedOut, minimumOut, oracleFloor } of plan.purchases) {
    if (minimumOut <= 0n) throw new UnencodablePlanError(`there is no minimum for the token ${token}.`)
    if (minimumOut < oracleFloor) throw new UnencodablePlanError('a minimum is below the oracle floor.')
    if (minimumOut > quotedOut) throw new UnencodablePlanError('a minimum is above its quote.')
  }
}

function checkMinimum(leg: Leg, { purchases }: RebalancePlan, refuse: (reason: string) => never): void {
  if (leg.paidTo === 'router') {
    if (leg.minimumOut !== 0n) refuse('it has a minimum half-way.')
    return
  }
  const purchase = purchases.find(({ assetId }) => assetId === leg.buy)
  if (purchase === undefined) refuse('it pays the account what the plan does not buy.')
  else if (!isAddressEqual(purchase.token, leg.hops[0].tokenOut)) refuse('it pays the account in another token.')
  else if (purchase.minimumOut !== leg.minimumOut) refuse('its minimum is not that of the purchase.')
  else if (purchase.quotedOut !== leg.quotedOut) refuse('it is not all of the purchase.')
}

/** The one leg that pays a purchase to the account, or none where it is paid out at the end. */
function findPayingLeg({ assetId }: Purchase, { legs }: RebalancePlan): Leg | undefined {
  const [leg, ...others] = legs.filter(({ buy, paidTo }) => buy === assetId && paidTo === 'account')
  if (others.length > 0) throw new UnencodablePlanError(`several legs pay the account in ${assetId}.`)
  return leg
}

/** Tokens that are paid out at the end, and so must not be spent to the last bit before. */
function tokensOf(purchases: readonly Purchase[], wrappedNative: Address): ReadonlySet<string> {
  const tokens = purchases.flatMap(({ token }) => (isNative(token) ? [token, wrappedNative] : [token]))
  return new Set(tokens.map((token) => token.toLowerCase()))
}

/** Fills the router with the call's value and with what its legs do not pull themselves. */
function composePulls({ spendings, legs }: RebalancePlan, purses: Purses): readonly RouterStep[] {
  const direct = legs.filter(({ paidFrom }) => paidFrom === 'token')
  const isSold = ({ hops }: Leg) => spendings.some(({ token }) => isAddressEqual(token, hops[0].tokenIn))
  if (!direct.every(isSold)) throw new UnencodablePlanError('a leg pulls what the plan does not spend.')
  return spendings.flatMap(({ token, amount }): RouterStep[] => {
    const pulled = sumOf(direct.filter(({ hops }) => isAddressEqual(hops[0].tokenIn, token)).map((leg) => leg.amountIn))
    if (pulled > amount) throw new UnencodablePlanError(`legs pull more of the token ${token} than the plan spends.`)
    if (pulled === amount) return []
    purses.add(token, amount - pulled)
    return isNative(token) ? [] : [{ kind: 'pull', token, amount: amount - pulled }]
  })
}

function composeSwaps(
  { legs }: RebalancePlan,
  {
    purses,
    wrappedNative,
    kept,
  }: { readonly purses: Purses; readonly wrappedNative: Address; readonly kept: ReadonlySet<string> },
): readonly RouterStep[] {
  const conversion = chooseConversion(legs, purses, wrappedNative)
  return legs.flatMap((leg, index): RouterStep[] => {
    const [hop] = leg.hops
    const steps: RouterStep[] = []
    const spendsRouter = leg.paidFrom !== 'token'
    const isSpender = (other: Leg) => other.paidFrom !== 'token' && isAddressEqual(other.hops[0].tokenIn, hop.tokenIn)
    let amountIn: bigint | 'rest' = leg.amountIn
    if (spendsRouter) {
      if (
        conversion !== undefined &&
        isAddressEqual(conversion.to, hop.tokenIn) &&
        legs.findIndex(isSpender) === index
      ) {
        purses.add(conversion.to, purses.take(conversion.from))
        steps.push({ kind: conversion.kind })
      }
      const held = purses.amountOf(hop.tokenIn)
      if (held < leg.amountIn) throw new UnencodablePlanError('it spends what is not in the router yet.', index)
      const isLast = !legs.slice(index + 1).some(isSpender)
      if (isLast && held === leg.amountIn && !kept.has(hop.tokenIn.toLowerCase())) amountIn = 'rest'
      purses.add(hop.tokenIn, -leg.amountIn)
    }
    if (leg.paidTo === 'router') purses.add(hop.tokenOut, leg.quotedOut)
    const payer = spendsRouter ? 'router' : 'account'
    steps.push({ kind: 'swap', hop, amountIn, minimumOut: leg.minimumOut, payer, payee: leg.paidTo })
    return steps
  })
}

type Conversion = { readonly kind: 'wrap' | 'unwrap'; readonly from: Address; readonly to: Address }

/** Which of native and wrapped coin must become the other, so that the legs find what they spend. */
function chooseConversion(legs: readonly Leg[], purses: Purses, wrappedNative: Address): Conversion | undefined {
  const isShortOf = (token: Address) => {
    const spent = legs.filter(({ paidFrom, hops }) => paidFrom !== 'token' && isAddressEqual(hops[0].tokenIn, token))
    const paid = legs.filter(({ paidTo, hops }) => paidTo === 'router' && isAddressEqual(hops[0].tokenOut, token))
    const comes = purses.amountOf(token) + sumOf(paid.map(({ quotedOut }) => quotedOut))
    return sumOf(spent.map(({ amountIn }) => amountIn)) > comes
  }
  if (isShortOf(wrappedNative)) return { kind: 'wrap', from: nativeAddress, to: wrappedNative }
  if (isShortOf(nativeAddress)) return { kind: 'unwrap', from: wrappedNative, to: nativeAddress }
  return undefined
}

/** Empties the router of what was bought. */
function composePayOut(
  { token, quotedOut, minimumOut }: Purchase,
  purses: Purses,
  wrappedNative: Address,
): readonly RouterStep[] {
  const wrapped = isNative(token) ? purses.take(wrappedNative) : 0n
  const plain = purses.take(token)
  if (wrapped + plain !== quotedOut)
    throw new UnencodablePlanError(`its legs buy another amount of the token ${token}.`)
  if (plain === 0n && wrapped > 0n) return [{ kind: 'unwrapToAccount', minimumOut }]
  const sweep = { kind: 'sweep', token, minimumOut } as const
  return wrapped > 0n ? [{ kind: 'unwrap' }, sweep] : [sweep]
}
