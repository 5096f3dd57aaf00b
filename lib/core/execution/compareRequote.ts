import type { DecodedBundle, DecodedStep, DecodedSwap } from '../bundle'
import { assertNever } from '../units'

/** By how much a minimum may be worse than the one that was reviewed before it must be reviewed again. */
const requoteToleranceBps = 10n

/**
 * Whether a bundle that was quoted again right before the swap may go out in place of the reviewed one: the same steps for the same
 * amounts to the same recipients, and no minimum more than 0.1 % below the reviewed one. A better minimum protects more and passes.
 */
export function compareRequote(reviewed: DecodedBundle, fresh: DecodedBundle): 'same' | 'quoteMoved' {
  const isSame =
    sameAddress(fresh.router, reviewed.router) &&
    fresh.value === reviewed.value &&
    fresh.steps.length === reviewed.steps.length &&
    fresh.steps.every((step, index) => isSameStep(step, reviewed.steps[index]))
  return isSame ? 'same' : 'quoteMoved'
}

function isSameStep(fresh: DecodedStep, reviewed: DecodedStep | undefined): boolean {
  if (reviewed === undefined) return false
  switch (fresh.kind) {
    case 'pull':
      return reviewed.kind === 'pull' && sameAddress(fresh.token, reviewed.token) && fresh.amount === reviewed.amount
    case 'swap':
      return reviewed.kind === 'swap' && isSameSwap(fresh, reviewed)
    case 'payOut':
      return (
        reviewed.kind === 'payOut' &&
        sameAddress(fresh.token, reviewed.token) &&
        sameAddress(fresh.recipient, reviewed.recipient) &&
        fresh.fromWrapped === reviewed.fromWrapped &&
        isMinimumKept(fresh.minimumOut, reviewed.minimumOut)
      )
    case 'wrap':
    case 'unwrap':
    case 'refund':
      return fresh.kind === reviewed.kind
    default:
      return assertNever(fresh)
  }
}

function isSameSwap(fresh: DecodedSwap, reviewed: DecodedSwap): boolean {
  return (
    fresh.amountIn === reviewed.amountIn &&
    fresh.paidFrom === reviewed.paidFrom &&
    sameAddress(fresh.recipient, reviewed.recipient) &&
    fresh.route.length === reviewed.route.length &&
    fresh.route.every((hop, index) => isSameHop(hop, reviewed.route[index])) &&
    isMinimumKept(fresh.minimumOut, reviewed.minimumOut)
  )
}

function isSameHop(fresh: DecodedSwap['route'][number], reviewed: DecodedSwap['route'][number] | undefined): boolean {
  if (reviewed === undefined) return false
  const [a, b] = [fresh.venue, reviewed.venue]
  const isSameVenue =
    a.version === 'v2' || b.version === 'v2'
      ? a.version === b.version
      : a.feePips === b.feePips &&
        (a.version === 'v4' ? b.version === 'v4' && a.tickSpacing === b.tickSpacing : b.version === 'v3')
  return isSameVenue && sameAddress(fresh.tokenIn, reviewed.tokenIn) && sameAddress(fresh.tokenOut, reviewed.tokenOut)
}

/** Whether a fresh minimum is no more than 0.1 % below the reviewed one. Both in base units. */
export function isMinimumKept(fresh: bigint, reviewed: bigint): boolean {
  return fresh * 10_000n >= reviewed * (10_000n - requoteToleranceBps)
}

function sameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
