import { isAddressEqual } from 'viem'
import { nativeAddress } from '@/lib/core/asset'
import type { DecodedBundle, DecodedStep, DecodedSwap, DecodedVenue } from '@/lib/core/bundle'
import type { HopPool, Leg } from '@/lib/core/rebalance/plan'
import { type Address, assertNever } from '@/lib/core/units'
import { type BundleSubject, isNative, listSwaps, type NumberedSwap } from './bundleFacts'
import type { BundleViolation } from './bundleViolation'

/**
 * runs the steps on what stands in the router when every swap pays what the plan quotes. Each swap must be the plan's
 * leg and find what it spends there; only the account is paid; and every coin's last step takes all of it, so that nothing stays
 * whatever the pools pay.
 */
export function checkSteps(decoded: DecodedBundle, subject: BundleSubject): readonly BundleViolation[] {
  const run = new RouterRun(decoded, subject)
  const swaps = listSwaps(decoded)
  let swapIndex = 0
  for (const step of decoded.steps) {
    const swap = step.kind === 'swap' ? swaps[swapIndex] : undefined
    if (swap !== undefined) swapIndex += 1
    if (!run.take(step, swap)) return run.violations
  }
  const missing = subject.plan.legs.slice(swaps.length)
  missing.forEach((_, index) => {
    run.violations.push({ kind: 'swapDiffersFromPlan', swapIndex: swaps.length + index })
  })
  run.end()
  return run.violations
}

/** A balance of the router: `isOpen` until a step takes all of it, however much it is. */
type Purse = { readonly amount: bigint; readonly isOpen: boolean }

class RouterRun {
  readonly violations: BundleViolation[] = []
  readonly #purses = new Map<string, Purse & { readonly token: Address }>()
  readonly #decoded: DecodedBundle
  readonly #subject: BundleSubject

  constructor(decoded: DecodedBundle, subject: BundleSubject) {
    this.#decoded = decoded
    this.#subject = subject
    if (decoded.value > 0n) this.#pay(nativeAddress, decoded.value)
  }

  /** Takes one step; false when the rest cannot be followed. */
  take(step: DecodedStep, swap: NumberedSwap | undefined): boolean {
    const { wrappedNative } = this.#subject.deployment.contracts
    switch (step.kind) {
      case 'pull':
        this.#pay(step.token, step.amount)
        return true
      case 'swap':
        return swap !== undefined && this.#swap(swap)
      case 'wrap':
        this.#pay(wrappedNative, this.#takeAll(nativeAddress, 'wrap'))
        return true
      case 'unwrap':
        this.#pay(nativeAddress, this.#takeAll(wrappedNative, 'unwrap'))
        return true
      case 'payOut':
        this.#payOut(step, step.fromWrapped ? wrappedNative : step.token)
        return true
      case 'refund':
        if (this.#takeAll(nativeAddress, 'refund') !== 0n) {
          this.violations.push({ kind: 'wrongValue', value: this.#decoded.value, planned: this.#plannedValue() })
        }
        return true
      default:
        return assertNever(step)
    }
  }

  end(): void {
    for (const { token, isOpen } of this.#purses.values()) {
      if (isOpen) this.violations.push({ kind: 'leftInRouter', token })
    }
  }

  #swap(swap: NumberedSwap): boolean {
    const { swapIndex, recipient, tokenOut } = swap
    const { account, plan, deployment } = this.#subject
    const leg = plan.legs[swapIndex]
    const amountIn = swap.amountIn === 'rest' ? this.#purse(swap.tokenIn).amount : swap.amountIn
    const paysRouter = isAddressEqual(recipient, this.#decoded.router)
    if (leg === undefined || leg.amountIn !== amountIn || !isSameSwap(swap, leg, this.#subject)) {
      this.violations.push({ kind: 'swapDiffersFromPlan', swapIndex })
      return false
    }
    if (swap.paidFrom === 'router') this.#spend(swap.tokenIn, swap.amountIn)
    if (swap.paidFrom === 'native') this.#spend(nativeAddress, swap.amountIn)
    if (paysRouter) this.#pay(tokenOut, leg.quotedOut)
    else if (!isAddressEqual(recipient, account)) this.violations.push({ kind: 'foreignRecipient', recipient })
    else if (isAddressEqual(tokenOut, deployment.contracts.wrappedNative)) {
      this.violations.push({ kind: 'notUnwrapped', swapIndex })
    }
    return true
  }

  #payOut({ recipient, minimumOut, token }: Extract<DecodedStep, { kind: 'payOut' }>, from: Address): void {
    const amount = this.#takeAll(from, 'payOut')
    if (!isAddressEqual(recipient, this.#subject.account)) this.violations.push({ kind: 'foreignRecipient', recipient })
    if (minimumOut > amount) this.violations.push({ kind: 'wrongPurchase', token, minimumOut, planned: amount })
  }

  #plannedValue(): bigint {
    return this.#subject.plan.spendings.find(({ token }) => isNative(token))?.amount ?? 0n
  }

  #purse(token: Address): Purse {
    return this.#purses.get(token.toLowerCase()) ?? { amount: 0n, isOpen: false }
  }

  #pay(token: Address, amount: bigint): void {
    this.#purses.set(token.toLowerCase(), { token, amount: this.#purse(token).amount + amount, isOpen: true })
  }

  #spend(token: Address, amountIn: bigint | 'rest'): void {
    const { amount, isOpen } = this.#purse(token)
    const spent = amountIn === 'rest' ? amount : amountIn
    if (!isOpen || spent > amount) this.violations.push({ kind: 'overdrawn', token })
    this.#purses.set(token.toLowerCase(), { token, amount: amount - spent, isOpen: isOpen && amountIn !== 'rest' })
  }

  #takeAll(token: Address, step: 'wrap' | 'unwrap' | 'payOut' | 'refund'): bigint {
    const { amount, isOpen } = this.#purse(token)
    if (!isOpen) this.violations.push({ kind: 'needlessStep', step })
    this.#purses.set(token.toLowerCase(), { token, amount: 0n, isOpen: false })
    return amount
  }
}

/** Whether a swap is a leg in all but its amount and its minimum. */
function isSameSwap(swap: DecodedSwap, leg: Leg, { plan, account }: BundleSubject): boolean {
  const { route, recipient } = swap
  // What a leg takes of the call's value stands in the Universal Router like everything else.
  const paidFrom = plan.router === 'universalRouter' && leg.paidFrom === 'native' ? 'router' : leg.paidFrom
  const isSameRoute =
    route.length === leg.hops.length &&
    leg.hops.every((hop, index) => {
      const step = route[index]
      return (
        step !== undefined &&
        isAddressEqual(step.tokenIn, hop.tokenIn) &&
        isAddressEqual(step.tokenOut, hop.tokenOut) &&
        isSameVenue(step.venue, hop.pool)
      )
    })
  const isSamePayee = isAddressEqual(recipient, account) === (leg.paidTo === 'account')
  return isSameRoute && isSamePayee && swap.paidFrom === paidFrom
}

function isSameVenue(venue: DecodedVenue, pool: HopPool): boolean {
  switch (venue.version) {
    case 'v2':
      return pool.kind === 'constantProduct'
    case 'v3':
      return pool.kind === 'concentrated' && venue.feePips === pool.feePips
    case 'v4':
      return pool.kind === 'singleton' && venue.feePips === pool.feePips && venue.tickSpacing === pool.tickSpacing
    default:
      return assertNever(venue)
  }
}
