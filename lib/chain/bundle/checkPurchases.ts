import { isAddressEqual } from 'viem'
import type { DecodedBundle } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import { type BundleSubject, listSwaps, type NumberedSwap } from './bundleFacts'
import type { BundleViolation } from './bundleViolation'
import { floorOfPath, floorsOfFlow } from './oracleFloor'

/**
 * what the bytes guarantee of each bought token is what the plan says, not above its quote, and not below what the oracle asks:
 * of each path on SwapRouter02, of the whole flow on the Universal Router.
 */
export function checkPurchases(decoded: DecodedBundle, subject: BundleSubject): readonly BundleViolation[] {
  const { plan, deployment } = subject
  const guaranteed = sumGuaranteed(decoded, subject)
  const violations: BundleViolation[] = []
  for (const [token, minimumOut] of guaranteed) {
    const purchase = plan.purchases.find((each) => isAddressEqual(each.token, token))
    const planned = purchase?.minimumOut ?? 0n
    if (minimumOut !== planned || minimumOut === 0n)
      violations.push({ kind: 'wrongPurchase', token, minimumOut, planned })
  }
  for (const { token, minimumOut: planned, quotedOut } of plan.purchases) {
    const minimumOut = [...guaranteed].find(([each]) => isAddressEqual(each, token))?.[1]
    if (minimumOut === undefined) violations.push({ kind: 'wrongPurchase', token, minimumOut: 0n, planned })
    else if (minimumOut > quotedOut) violations.push({ kind: 'wrongPurchase', token, minimumOut, planned: quotedOut })
  }
  const swaps = listSwaps(decoded)
  if (isAddressEqual(decoded.router, deployment.contracts.universalRouter)) {
    return [
      ...violations,
      ...swaps.flatMap((swap) => checkLegMinimum(swap, subject)),
      ...checkFlow(decoded, subject, guaranteed),
    ]
  }
  return [...violations, ...swaps.flatMap((swap) => checkPath(swap, subject))]
}

/** What reaches the account of each token for certain, by the minimums of the steps that pay it. */
function sumGuaranteed(decoded: DecodedBundle, { account }: BundleSubject): ReadonlyMap<Address, bigint> {
  const sums = new Map<Address, bigint>()
  const add = (token: Address, amount: bigint) => sums.set(token, (sums.get(token) ?? 0n) + amount)
  for (const step of decoded.steps) {
    if (step.kind === 'swap' && isAddressEqual(step.recipient, account)) add(step.tokenOut, step.minimumOut)
    if (step.kind === 'payOut') add(step.token, step.minimumOut)
  }
  return sums
}

function checkPath(swap: NumberedSwap, { plan, snapshot }: BundleSubject): readonly BundleViolation[] {
  const { swapIndex, minimumOut } = swap
  const leg = plan.legs[swapIndex]
  if (leg === undefined) return [{ kind: 'swapDiffersFromPlan', swapIndex }]
  const planned = leg.minimumOut > leg.oracleFloor ? leg.minimumOut : leg.oracleFloor
  if (minimumOut < planned || minimumOut === 0n) return [{ kind: 'lowMinimum', swapIndex, minimumOut, planned }]
  if (minimumOut > leg.quotedOut) return [{ kind: 'minimumAboveQuote', swapIndex }]
  if (minimumOut !== leg.minimumOut) return [{ kind: 'swapDiffersFromPlan', swapIndex }]
  const floor = floorOfPath(swap, snapshot)
  if (floor === undefined) return [{ kind: 'unpriced', swapIndex }]
  return minimumOut < floor ? [{ kind: 'belowOracle', swapIndex, minimumOut, floor }] : []
}

/** The minimum of a step on the way is the plan's: none, or it could revert what the purchase still allows. */
function checkLegMinimum({ swapIndex, minimumOut }: NumberedSwap, { plan }: BundleSubject): readonly BundleViolation[] {
  const planned = plan.legs[swapIndex]?.minimumOut
  if (planned === minimumOut) return []
  return planned !== undefined && minimumOut < planned
    ? [{ kind: 'lowMinimum', swapIndex, minimumOut, planned }]
    : [{ kind: 'swapDiffersFromPlan', swapIndex }]
}

function checkFlow(
  decoded: DecodedBundle,
  subject: BundleSubject,
  guaranteed: ReadonlyMap<Address, bigint>,
): readonly BundleViolation[] {
  const flow = floorsOfFlow(decoded, subject)
  if (flow.status === 'unpriced') return [{ kind: 'unpricedToken', token: flow.token }]
  return [...flow.floors].flatMap(([token, floor]): BundleViolation[] => {
    const minimumOut = guaranteed.get(token) ?? 0n
    return minimumOut < floor ? [{ kind: 'purchaseBelowOracle', token, minimumOut, floor }] : []
  })
}
