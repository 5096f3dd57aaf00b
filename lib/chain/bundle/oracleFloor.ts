import { isAddressEqual } from 'viem'
import { nativeAddress } from '@/lib/core/asset'
import type { DecodedBundle, DecodedSwap, DecodedVenue } from '@/lib/core/bundle'
import type { Snapshot } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { assetReadingOf, type BundleSubject, listSwaps, type NumberedSwap } from './bundleFacts'
import { poolIdOf } from './poolIdOf'

/** Below the oracle's amount and the path's fees, no more than this may be accepted (POLICY, "Slippage"). */
const oracleMarginPips = 10_000n
const pipsWhole = 1_000_000n

/** Every Uniswap v2 pair takes 0.3 %. */
const constantProductFeePips = 3000n

function feePipsOf(venue: DecodedVenue): bigint {
  return venue.version === 'v2' ? constantProductFeePips : BigInt(venue.feePips)
}

type Priced = { readonly usd: bigint; readonly unit: bigint }

/** What a token's asset costs, where its price is fresh. */
function priceOf(token: Address, snapshot: Snapshot): Priced | undefined {
  const reading = assetReadingOf(token, snapshot)
  if (reading?.price.status !== 'fresh' || reading.price.usd === 0n) return undefined
  return { usd: reading.price.usd, unit: 10n ** BigInt(reading.asset.decimals) }
}

/** What the oracle's prices ask of a path at least, rounded down; `undefined` without two fresh prices. */
export function floorOfPath(swap: DecodedSwap, snapshot: Snapshot): bigint | undefined {
  const [sold, bought] = [priceOf(swap.tokenIn, snapshot), priceOf(swap.tokenOut, snapshot)]
  if (sold === undefined || bought === undefined || swap.amountIn === 'rest') return undefined
  const feePips = swap.route.reduce((total, { venue }) => total + feePipsOf(venue), 0n)
  const keptPips = pipsWhole - feePips - oracleMarginPips
  // {base units bought} = {base units sold} * {usd} * {unit bought} / ({usd} * {unit sold})
  const numerator = swap.amountIn * sold.usd * bought.unit * keptPips
  return keptPips <= 0n ? 0n : numerator / (bought.usd * sold.unit * pipsWhole)
}

/** What is left of a million of what is sold in a pool, a v4 pool's protocol fee included. */
function keptPipsOf(swap: NumberedSwap, { plan, snapshot, deployment }: BundleSubject): bigint {
  const [hop] = plan.legs[swap.swapIndex]?.hops ?? []
  const [step] = swap.route
  if (step === undefined) return pipsWhole
  const kept = pipsWhole - feePipsOf(step.venue)
  if (step.venue.version !== 'v4' || hop === undefined) return kept
  const id = poolIdOf(hop, deployment).toLowerCase()
  const pool = snapshot.pools.find((each) => each.kind === 'singleton' && each.id.toLowerCase() === id)
  if (pool?.kind !== 'singleton') return kept
  const [ofToken0, ofToken1] = pool.protocolFeePips
  const protocolPips = BigInt(isAddressEqual(swap.tokenIn, pool.token0) ? ofToken0 : ofToken1)
  // {kept pips} = {pips} * {pips} / {pips}
  return (kept * (pipsWhole - protocolPips)) / pipsWhole
}

/** What an amount is worth at the oracle's prices, and what the fees on its way here left of that. Dollars x 1e36. */
type Worth = { readonly before: bigint; readonly after: bigint }

const finer = 10n ** 18n

/** What stands in the router of an asset, native and wrapped coin taken together. */
type Node = Worth & { readonly amount: bigint }

/** The least that the oracle lets each token be bought for, or which of them has no price. */
export type FlowFloors =
  | { readonly status: 'priced'; readonly floors: ReadonlyMap<Address, bigint> }
  | { readonly status: 'unpriced'; readonly token: Address }

/** A token without a fresh price, where one is needed. */
class UnpricedTokenError extends Error {
  override readonly name = 'UnpricedTokenError'
  constructor(readonly token: Address) {
    super(`The token ${token} has no fresh price. Read the prices again.`)
  }
}

/**
 * What the oracle's prices ask at least of everything that is bought through a flow of pools: the worth of what is spent follows the
 * swaps, less each pool's fee, and divides at an asset that is passed on as its amount does; the tolerance is taken of the worth
 * before fees (POLICY, "Slippage"). Rounded down.
 */
export function floorsOfFlow(decoded: DecodedBundle, subject: BundleSubject): FlowFloors {
  try {
    return { status: 'priced', floors: followFlow(decoded, subject) }
  } catch (error) {
    if (error instanceof UnpricedTokenError) return { status: 'unpriced', token: error.token }
    throw error
  }
}

function followFlow(decoded: DecodedBundle, subject: BundleSubject): ReadonlyMap<Address, bigint> {
  const { plan, snapshot } = subject
  const nodes = new Map<string, Node>()
  const arrived = new Map<Address, Worth>()
  const keyOf = (token: Address) => assetReadingOf(token, snapshot)?.asset.id ?? token
  const nodeOf = (token: Address): Node => nodes.get(keyOf(token)) ?? { amount: 0n, before: 0n, after: 0n }
  const put = (token: Address, { amount, before, after }: Node) => {
    const node = nodeOf(token)
    nodes.set(keyOf(token), { amount: node.amount + amount, before: node.before + before, after: node.after + after })
  }
  const take = (token: Address, amount: bigint): Worth => {
    const node = nodeOf(token)
    const share = (worth: bigint) => (node.amount === 0n ? 0n : (worth * amount) / node.amount)
    const taken = { before: share(node.before), after: share(node.after) }
    put(token, { amount: -amount, before: -taken.before, after: -taken.after })
    return taken
  }
  const arrive = (token: Address, { before, after }: Worth) => {
    const known = arrived.get(token) ?? { before: 0n, after: 0n }
    arrived.set(token, { before: known.before + before, after: known.after + after })
  }
  const swaps = [...listSwaps(decoded)]
  if (decoded.value > 0n) put(nativeAddress, worthOf(nativeAddress, decoded.value, snapshot))
  for (const step of decoded.steps) {
    if (step.kind === 'pull') put(step.token, worthOf(step.token, step.amount, snapshot))
    if (step.kind === 'payOut') arrive(step.token, take(step.token, nodeOf(step.token).amount))
    const swap = step.kind === 'swap' ? swaps.shift() : undefined
    const leg = swap === undefined ? undefined : plan.legs[swap.swapIndex]
    if (swap === undefined || leg === undefined) continue
    const { tokenIn, tokenOut, paidFrom, recipient } = swap
    const sold = paidFrom === 'token' ? worthOf(tokenIn, leg.amountIn, snapshot) : take(tokenIn, leg.amountIn)
    const bought = { before: sold.before, after: (sold.after * keptPipsOf(swap, subject)) / pipsWhole }
    if (isAddressEqual(recipient, decoded.router)) put(tokenOut, { amount: leg.quotedOut, ...bought })
    else arrive(tokenOut, bought)
  }
  return new Map([...arrived].map(([token, worth]) => [token, toFloor(token, worth, snapshot)]))
}

function worthOf(token: Address, amount: bigint, snapshot: Snapshot): Node {
  const price = priceOf(token, snapshot)
  if (price === undefined) throw new UnpricedTokenError(token)
  // {usd} = {base units} * {usd} / {unit}
  const worth = (amount * price.usd * finer) / price.unit
  return { amount, before: worth, after: worth }
}

function toFloor(token: Address, { before, after }: Worth, snapshot: Snapshot): bigint {
  const price = priceOf(token, snapshot)
  if (price === undefined) throw new UnpricedTokenError(token)
  const least = after - (before * oracleMarginPips) / pipsWhole
  // {base units} = {usd} * {unit} / {usd}
  return least <= 0n ? 0n : (least * price.unit) / (price.usd * finer)
}
