import type { DecodedBundle, DecodedSwap } from '../bundle'

/** By how much a minimum may be worse than the one that was reviewed before it must be reviewed again. */
const requoteToleranceBps = 10n

/**
 * Whether a bundle that was quoted again right before the swap may go out in place of the reviewed one: the same swaps for the same
 * amounts to the same recipients, and no minimum more than 0.1 % below the reviewed one. A better minimum protects more and passes.
 */
export function compareRequote(reviewed: DecodedBundle, fresh: DecodedBundle): 'same' | 'quoteMoved' {
  const isSame =
    sameAddress(fresh.router, reviewed.router) &&
    fresh.value === reviewed.value &&
    fresh.refundsNative === reviewed.refundsNative &&
    fresh.swaps.length === reviewed.swaps.length &&
    fresh.swaps.every((swap, index) => isSameSwap(swap, reviewed.swaps[index])) &&
    isSameUnwrap(fresh.unwrap, reviewed.unwrap)
  return isSame ? 'same' : 'quoteMoved'
}

function isSameSwap(fresh: DecodedSwap, reviewed: DecodedSwap | undefined): boolean {
  return (
    reviewed !== undefined &&
    fresh.amountIn === reviewed.amountIn &&
    fresh.paidFrom === reviewed.paidFrom &&
    sameAddress(fresh.recipient, reviewed.recipient) &&
    fresh.route.length === reviewed.route.length &&
    fresh.route.every((step, index) => {
      const other = reviewed.route[index]
      return (
        other !== undefined &&
        sameAddress(step.tokenIn, other.tokenIn) &&
        sameAddress(step.tokenOut, other.tokenOut) &&
        step.venue === other.venue
      )
    }) &&
    isMinimumKept(fresh.minimumOut, reviewed.minimumOut)
  )
}

function isSameUnwrap(fresh: DecodedBundle['unwrap'], reviewed: DecodedBundle['unwrap']): boolean {
  if (fresh === undefined || reviewed === undefined) return fresh === reviewed
  return sameAddress(fresh.recipient, reviewed.recipient) && isMinimumKept(fresh.minimumOut, reviewed.minimumOut)
}

/** Whether a fresh minimum is no more than 0.1 % below the reviewed one. Both in base units. */
export function isMinimumKept(fresh: bigint, reviewed: bigint): boolean {
  return fresh * 10_000n >= reviewed * (10_000n - requoteToleranceBps)
}

function sameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
