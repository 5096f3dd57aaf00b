import { isAddressEqual } from 'viem'
import { nativeAddress } from '@/lib/core/asset'
import type { DecodedBundle } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'
import { amountOf, assetOf, type BundleSubject, isNative, listSwaps, sumPulled, tokenReadingOf } from './bundleFacts'
import type { BundleViolation } from './bundleViolation'
import { checkApprovals } from './checkApprovals'
import { checkPurchases } from './checkPurchases'
import { checkSteps } from './checkSteps'

/** A swap must come within this many seconds of the block that it was planned at. */
const longestDeadlineSeconds = 600

/**
 * Compares what a bundle's bytes say with what may stand in them: recipients, targets, spenders and
 * tokens from the lists, approvals to the exact sum, minimums not below the plan's nor the oracle's, nothing left in the router,
 * value, deadline. Empty when all is as it must be.
 */
export function checkBundle(decoded: DecodedBundle, subject: BundleSubject): readonly BundleViolation[] {
  return [
    ...checkRouter(decoded, subject),
    ...checkTokens(decoded, subject),
    ...checkApprovals(decoded, subject),
    ...checkSteps(decoded, subject),
    ...checkPurchases(decoded, subject),
    ...checkSpendings(decoded, subject),
    ...checkDeadline(decoded, subject),
  ]
}

function checkRouter({ router }: DecodedBundle, { deployment, plan }: BundleSubject): readonly BundleViolation[] {
  return isAddressEqual(router, deployment.contracts[plan.router]) ? [] : [{ kind: 'foreignRouter', router }]
}

/** Only v4 pools trade the native coin, and only a router pays it out. */
function checkTokens(decoded: DecodedBundle, { deployment, plan }: BundleSubject): readonly BundleViolation[] {
  const planned = plan.legs.flatMap(({ hops }) => hops.flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut]))
  const hubs = deployment.hubAssetIds.flatMap((id) => deployment.assets.find((asset) => asset.id === id) ?? [])
  const allowed = [
    ...planned,
    ...hubs.map(({ poolToken }) => poolToken.address),
    ...plan.purchases.map(({ token }) => token),
  ]
  const hops = listSwaps(decoded).flatMap(({ route }) => route)
  const named = [
    ...decoded.approvals.map(({ token }) => token),
    ...decoded.steps.flatMap((step) => (step.kind === 'pull' ? [step.token] : [])),
    ...hops.filter(({ venue }) => venue.version !== 'v4').flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut]),
  ]
  const coins = [
    ...decoded.steps.flatMap((step) => (step.kind === 'payOut' ? [step.token] : [])),
    ...hops.filter(({ venue }) => venue.version === 'v4').flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut]),
  ]
  const isListed = (token: Address) => assetOf(token, deployment) !== undefined
  const unlisted = [
    ...named.filter((token) => !isListed(token) || isNative(token)),
    ...coins.filter((token) => !isListed(token)),
  ]
  const outside = [...named, ...coins].filter(
    (token) => !unlisted.includes(token) && !allowed.some((other) => isAddressEqual(other, token)),
  )
  return [
    ...[...new Set(unlisted)].map((token): BundleViolation => ({ kind: 'unlistedToken', token })),
    ...[...new Set(outside)].map((token): BundleViolation => ({ kind: 'tokenOutsidePlan', token })),
  ]
}

/** what leaves the account is what the plan says, and the native reserve stays. */
function checkSpendings(decoded: DecodedBundle, { plan, snapshot }: BundleSubject): readonly BundleViolation[] {
  const violations: BundleViolation[] = []
  const pulled = sumPulled(decoded)
  const plannedOf = (token: Address) => plan.spendings.find((each) => isAddressEqual(each.token, token))?.amount ?? 0n
  for (const [token, spent] of pulled) {
    const planned = plannedOf(token)
    if (spent !== planned) violations.push({ kind: 'wrongSpending', token, spent, planned })
  }
  for (const { token, amount: planned } of plan.spendings) {
    if (!isNative(token) && ![...pulled.keys()].some((each) => isAddressEqual(each, token))) {
      violations.push({ kind: 'wrongSpending', token, spent: 0n, planned })
    }
  }
  const planned = plannedOf(nativeAddress)
  const { value } = decoded
  if (value !== planned) violations.push({ kind: 'wrongValue', value, planned })
  if (value > 0n) {
    const held = amountOf(tokenReadingOf(nativeAddress, snapshot)?.balance)
    const needed = value + plan.nativeReserve
    if (held === undefined) violations.push({ kind: 'unreadable', token: nativeAddress })
    else if (needed > held) violations.push({ kind: 'overspend', token: nativeAddress, needed, held })
  }
  return violations
}

function checkDeadline({ deadline }: DecodedBundle, { plan, snapshot }: BundleSubject): readonly BundleViolation[] {
  const earliest = snapshot.block.timestamp + 1
  const latest = snapshot.block.timestamp + longestDeadlineSeconds
  const isGood = deadline >= earliest && deadline <= latest && deadline === plan.deadline
  return isGood ? [] : [{ kind: 'badDeadline', deadline, earliest, latest }]
}
