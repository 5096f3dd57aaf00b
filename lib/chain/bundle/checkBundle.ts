import { isAddressEqual } from 'viem'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { type Asset, nativeAddress } from '@/lib/core/asset'
import type { DecodedBundle, DecodedSwap } from '@/lib/core/bundle'
import type { Leg, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { BalanceReading, Snapshot, TokenReading } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'

/** What in a bundle's bytes is not as the plan and the allow-lists have it. Any of them blocks signing. */
export type BundleViolation =
  | { readonly kind: 'foreignRouter'; readonly router: Address }
  | { readonly kind: 'foreignSpender'; readonly token: Address; readonly spender: Address }
  | { readonly kind: 'foreignRecipient'; readonly recipient: Address }
  | { readonly kind: 'unlistedToken'; readonly token: Address }
  | { readonly kind: 'tokenOutsidePlan'; readonly token: Address }
  | { readonly kind: 'wrongApproval'; readonly token: Address; readonly approved: bigint; readonly needed: bigint }
  | { readonly kind: 'uselessApproval'; readonly token: Address }
  | { readonly kind: 'missingApproval'; readonly token: Address; readonly allowed: bigint; readonly needed: bigint }
  | { readonly kind: 'overspend'; readonly token: Address; readonly needed: bigint; readonly held: bigint }
  | { readonly kind: 'unreadable'; readonly token: Address }
  | { readonly kind: 'wrongValue'; readonly value: bigint; readonly planned: bigint }
  | { readonly kind: 'swapDiffersFromPlan'; readonly swapIndex: number }
  | { readonly kind: 'minimumAboveQuote'; readonly swapIndex: number }
  | { readonly kind: 'lowMinimum'; readonly swapIndex: number; readonly minimumOut: bigint; readonly planned: bigint }
  | { readonly kind: 'belowOracle'; readonly swapIndex: number; readonly minimumOut: bigint; readonly floor: bigint }
  | { readonly kind: 'unpriced'; readonly swapIndex: number }
  | { readonly kind: 'leftInRouter'; readonly token: Address }
  | { readonly kind: 'wrongUnwrap'; readonly minimumOut: bigint; readonly planned: bigint }
  | { readonly kind: 'needlessUnwrap' }
  | { readonly kind: 'notUnwrapped'; readonly swapIndex: number }
  | { readonly kind: 'missingRefund' }
  | { readonly kind: 'badDeadline'; readonly deadline: number; readonly earliest: number; readonly latest: number }

/** A swap must come within this many seconds of the block that it was planned at. */
const longestDeadlineSeconds = 600

/** Below the oracle's amount and the path's fees, no more than this may be accepted (POLICY, "Slippage"). */
const oracleMarginPips = 10_000n
const pipsWhole = 1_000_000n

/** Every Uniswap v2 pair takes 0.3 %. */
const constantProductFeePips = 3000n

type Subject = {
  readonly account: Address
  readonly deployment: Deployment
  readonly plan: RebalancePlan
  readonly snapshot: Snapshot
}

/**
 * Compares what a bundle's bytes say with what may stand in them: recipients, targets, spenders and
 * tokens from the lists, approvals to the exact sum, minimums not below the plan's nor the oracle's, value, deadline.
 * Empty when all is as it must be.
 */
export function checkBundle(decoded: DecodedBundle, subject: Subject): readonly BundleViolation[] {
  return [
    ...checkTargets(decoded, subject),
    ...checkTokens(decoded, subject),
    ...checkApprovals(decoded, subject),
    ...decoded.swaps.flatMap((swap, swapIndex) => checkSwap(swap, swapIndex, subject)),
    ...checkPlanIsComplete(decoded, subject),
    ...checkNative(decoded, subject),
    ...checkDeadline(decoded, subject),
  ]
}

function checkTargets(decoded: DecodedBundle, { account, deployment }: Subject): readonly BundleViolation[] {
  const { swapRouter02, wrappedNative } = deployment.contracts
  const violations: BundleViolation[] = []
  if (!isAddressEqual(decoded.router, swapRouter02)) violations.push({ kind: 'foreignRouter', router: decoded.router })
  for (const { token, spender } of decoded.approvals) {
    if (!isAddressEqual(spender, swapRouter02)) violations.push({ kind: 'foreignSpender', token, spender })
  }
  decoded.swaps.forEach(({ recipient, tokenOut }, swapIndex) => {
    const isNative = isAddressEqual(tokenOut, wrappedNative)
    if (isAddressEqual(recipient, account)) {
      if (isNative) violations.push({ kind: 'notUnwrapped', swapIndex })
    } else if (!isAddressEqual(recipient, decoded.router)) {
      violations.push({ kind: 'foreignRecipient', recipient })
    } else if (!isNative || decoded.unwrap === undefined) {
      violations.push({ kind: 'leftInRouter', token: tokenOut })
    }
  })
  if (decoded.unwrap !== undefined && !isAddressEqual(decoded.unwrap.recipient, account)) {
    violations.push({ kind: 'foreignRecipient', recipient: decoded.unwrap.recipient })
  }
  return violations
}

function checkTokens(decoded: DecodedBundle, { deployment, plan }: Subject): readonly BundleViolation[] {
  const planned = plan.legs.flatMap(({ hops }) => hops.flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut]))
  const hubs = deployment.hubAssetIds.flatMap((id) => deployment.assets.find((asset) => asset.id === id) ?? [])
  const allowed = [...planned, ...hubs.map(({ poolToken }) => poolToken.address)]
  const named = [
    ...decoded.approvals.map(({ token }) => token),
    ...decoded.swaps.flatMap(({ route }) => route.flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut])),
  ]
  return [...new Set(named)].flatMap((token): BundleViolation[] => {
    const isListed = assetOf(token, deployment) !== undefined && !isAddressEqual(token, nativeAddress)
    if (!isListed) return [{ kind: 'unlistedToken', token }]
    return includes(allowed, token) ? [] : [{ kind: 'tokenOutsidePlan', token }]
  })
}

/** For each token: the approvals, replayed in order on what is allowed now, must end at what the swaps pull, or suffice before. */
function checkApprovals(decoded: DecodedBundle, { snapshot }: Subject): readonly BundleViolation[] {
  const pulled = decoded.swaps.filter(({ paidFrom }) => paidFrom === 'token').map(({ tokenIn }) => tokenIn)
  const tokens = [...new Set([...pulled, ...decoded.approvals.map(({ token }) => token)])]
  return tokens.flatMap((token): BundleViolation[] => {
    const reading = readingOf(token, snapshot)
    const held = amountOf(reading?.balance)
    const allowed = amountOf(reading?.routerAllowance)
    if (reading === undefined || held === undefined || allowed === undefined) return [{ kind: 'unreadable', token }]
    const needed = sumOf(decoded.swaps.filter((swap) => swap.paidFrom === 'token' && swap.tokenIn === token))
    const violations: BundleViolation[] = []
    if (needed > held) violations.push({ kind: 'overspend', token, needed, held })
    const amounts = decoded.approvals.filter((approval) => approval.token === token).map(({ amount }) => amount)
    const last = amounts.at(-1)
    if (last === undefined) {
      if (allowed < needed) violations.push({ kind: 'missingApproval', token, allowed, needed })
      return violations
    }
    const expected = reading.token.resetsAllowance && allowed > 0n ? [0n, needed] : [needed]
    if (allowed >= needed) violations.push({ kind: 'uselessApproval', token })
    if (last !== needed || amounts.length !== expected.length || amounts.some((amount, i) => amount !== expected[i])) {
      violations.push({ kind: 'wrongApproval', token, approved: last, needed })
    }
    return violations
  })
}

function checkSwap(
  swap: DecodedSwap,
  swapIndex: number,
  { plan, snapshot, deployment }: Subject,
): readonly BundleViolation[] {
  const leg = plan.legs[swapIndex]
  const { minimumOut } = swap
  if (leg === undefined || !isSameSwap(swap, leg)) return [{ kind: 'swapDiffersFromPlan', swapIndex }]
  const planned = leg.minimumOut > leg.oracleFloor ? leg.minimumOut : leg.oracleFloor
  if (minimumOut < planned || minimumOut === 0n) return [{ kind: 'lowMinimum', swapIndex, minimumOut, planned }]
  if (minimumOut > leg.quotedOut) return [{ kind: 'minimumAboveQuote', swapIndex }]
  if (minimumOut !== leg.minimumOut) return [{ kind: 'swapDiffersFromPlan', swapIndex }]
  const floor = oracleFloorOf(swap, snapshot, deployment)
  if (floor === undefined) return [{ kind: 'unpriced', swapIndex }]
  return minimumOut < floor ? [{ kind: 'belowOracle', swapIndex, minimumOut, floor }] : []
}

function isSameSwap(swap: DecodedSwap, leg: Leg): boolean {
  return (
    swap.amountIn === leg.amountIn &&
    swap.paidFrom === leg.paidFrom &&
    swap.route.length === leg.hops.length &&
    leg.hops.every((hop, index) => {
      const step = swap.route[index]
      return (
        step !== undefined &&
        isAddressEqual(step.tokenIn, hop.tokenIn) &&
        isAddressEqual(step.tokenOut, hop.tokenOut) &&
        step.venue === (hop.pool.kind === 'constantProduct' ? 'v2' : hop.pool.feePips)
      )
    })
  )
}

/** What the oracle's prices ask of a swap at least, rounded down; `undefined` without two fresh prices. */
function oracleFloorOf(swap: DecodedSwap, snapshot: Snapshot, deployment: Deployment): bigint | undefined {
  const [sold, bought] = [swap.tokenIn, swap.tokenOut].map((token) => {
    const asset = assetOf(token, deployment)
    const reading = snapshot.assets.find((candidate) => candidate.asset.id === asset?.id)
    return reading?.price.status === 'fresh' ? { usd: reading.price.usd, decimals: reading.asset.decimals } : undefined
  })
  if (sold === undefined || bought === undefined || bought.usd === 0n) return undefined
  const feePips = swap.route.reduce(
    (total, { venue }) => total + (venue === 'v2' ? constantProductFeePips : BigInt(venue)),
    0n,
  )
  const keptPips = pipsWhole - feePips - oracleMarginPips
  // {base units bought} = {base units sold} * {usd} * 10^{decimals bought} / ({usd} * 10^{decimals sold})
  const numerator = swap.amountIn * sold.usd * 10n ** BigInt(bought.decimals) * keptPips
  return keptPips <= 0n ? 0n : numerator / (bought.usd * 10n ** BigInt(sold.decimals) * pipsWhole)
}

function checkPlanIsComplete(decoded: DecodedBundle, { plan }: Subject): readonly BundleViolation[] {
  return plan.legs
    .map((_, swapIndex) => swapIndex)
    .filter((swapIndex) => decoded.swaps[swapIndex] === undefined)
    .map((swapIndex) => ({ kind: 'swapDiffersFromPlan', swapIndex }))
}

function checkNative(decoded: DecodedBundle, { plan, snapshot, deployment }: Subject): readonly BundleViolation[] {
  const violations: BundleViolation[] = []
  const planned = sumOf(plan.legs.filter(({ paidFrom }) => paidFrom === 'native'))
  if (decoded.value !== planned || decoded.value !== sumOf(decoded.swaps.filter((s) => s.paidFrom === 'native'))) {
    violations.push({ kind: 'wrongValue', value: decoded.value, planned })
  }
  if (decoded.value > 0n) {
    const held = amountOf(readingOf(nativeAddress, snapshot)?.balance)
    const needed = decoded.value + plan.nativeReserve
    if (held === undefined) violations.push({ kind: 'unreadable', token: nativeAddress })
    else if (needed > held) violations.push({ kind: 'overspend', token: nativeAddress, needed, held })
    if (!decoded.refundsNative) violations.push({ kind: 'missingRefund' })
  }
  const unwrapped = decoded.swaps.filter(({ recipient }) => isAddressEqual(recipient, decoded.router))
  if (decoded.unwrap !== undefined) {
    const { wrappedNative } = deployment.contracts
    const bought = plan.legs.filter(({ hops }) => isAddressEqual((hops.at(-1) ?? hops[0]).tokenOut, wrappedNative))
    const least = bought.reduce((total, { minimumOut }) => total + minimumOut, 0n)
    if (unwrapped.length === 0) violations.push({ kind: 'needlessUnwrap' })
    if (decoded.unwrap.minimumOut !== least) {
      violations.push({ kind: 'wrongUnwrap', minimumOut: decoded.unwrap.minimumOut, planned: least })
    }
  }
  return violations
}

function checkDeadline({ deadline }: DecodedBundle, { plan, snapshot }: Subject): readonly BundleViolation[] {
  const earliest = snapshot.block.timestamp + 1
  const latest = snapshot.block.timestamp + longestDeadlineSeconds
  const isGood = deadline >= earliest && deadline <= latest && deadline === plan.deadline
  return isGood ? [] : [{ kind: 'badDeadline', deadline, earliest, latest }]
}

function assetOf(token: Address, { assets }: Deployment): Asset | undefined {
  return assets.find(({ tokens }) =>
    includes(
      tokens.map(({ address }) => address),
      token,
    ),
  )
}

function readingOf(token: Address, { assets }: Snapshot): TokenReading | undefined {
  return assets.flatMap(({ tokens }) => tokens).find((reading) => isAddressEqual(reading.token.address, token))
}

function amountOf(reading: BalanceReading | undefined): bigint | undefined {
  return reading?.status === 'known' ? reading.amount : undefined
}

function sumOf(parts: readonly { readonly amountIn: bigint }[]): bigint {
  return parts.reduce((total, { amountIn }) => total + amountIn, 0n)
}

function includes(addresses: readonly Address[], address: Address): boolean {
  return addresses.some((other) => isAddressEqual(other, address))
}
