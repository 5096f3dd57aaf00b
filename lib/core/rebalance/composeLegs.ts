import { swapExactIn } from '../amm/swapExactIn'
import type { AssetId } from '../asset'
import type { Pool } from '../snapshot'
import { type Address, assertNever } from '../units'
import { type FlowPath, routeOf } from './decomposeFlow'
import { gasUnits, hopGas } from './gasModel'
import { toHopPool } from './hopPool'
import type { Hop, Leg } from './plan'
import type { PricedAsset } from './screenAssets'

/** A path with an exact amount, before it is replayed. */
export type LegDraft = {
  readonly sell: AssetId
  readonly buy: AssetId
  readonly paidFrom: Leg['paidFrom']
  readonly paidTo: Leg['paidTo']
  readonly poolIds: readonly string[]
  readonly amountIn: bigint
}

/** A draft as the pools execute it. */
export type ReplayedLeg = Omit<LegDraft, 'poolIds'> & {
  readonly hops: readonly [Hop, ...Hop[]]
  readonly quotedOut: bigint
  readonly gas: bigint
}

export type Replay =
  | { readonly status: 'replayed'; readonly legs: readonly ReplayedLeg[] }
  /** A pool cannot take what the draft gives it. */
  | { readonly status: 'failed'; readonly draft: LegDraft }

/** Parts of a floating share: all the digits that a number has. */
const shareScale = 2 ** 52

/**
 * Shares an exact amount out over paths in proportion to their floating amounts, rounded down; the last path takes the dust.
 */
export function splitAmount(amount: bigint, weights: readonly number[]): readonly bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let left = amount
  return weights.map((weight, position) => {
    if (position === weights.length - 1) return left
    const part = (amount * BigInt(Math.floor((weight / total) * shareScale))) / BigInt(shareScale)
    const taken = part < left ? part : left
    left -= taken
    return taken
  })
}

/**
 * Puts paths into the order of execution and gives them exact amounts: legs paid in native coin first (the wrapped coin is sold
 * before the native one, a path that needs both becomes two legs), legs that leave the wrapped coin in the router to be unwrapped
 * last. Within each group the smallest comes first: of legs that share a pool the last one gets the worst price, which a large leg
 * bears best.
 */
export function composeDrafts(request: {
  readonly paths: readonly FlowPath[]
  /** Base units to sell of each source, all tokens together. */
  readonly sells: ReadonlyMap<AssetId, bigint>
  readonly native: PricedAsset
}): readonly LegDraft[] {
  const { sells, native } = request
  const ordered = [...request.paths].sort((a, b) => a.value - b.value || (routeOf(a) < routeOf(b) ? -1 : 1))
  const wrappedHeld = native.amount - native.nativeAmount
  const rows: { readonly draft: LegDraft; readonly group: number; readonly rank: number }[] = []
  for (const sell of new Set(ordered.map((path) => path.sell))) {
    const own = ordered.filter((path) => path.sell === sell)
    const amount = sells.get(sell) ?? 0n
    const amounts = splitAmount(
      amount,
      own.map(({ amountIn }) => amountIn),
    )
    let nativeLeft = sell === native.assetId && amount > wrappedHeld ? amount - wrappedHeld : 0n
    for (const [position, path] of own.entries()) {
      const whole = amounts[position] ?? 0n
      const fromNative = whole < nativeLeft ? whole : nativeLeft
      nativeLeft -= fromNative
      const rank = ordered.indexOf(path)
      const paidTo = path.buy === native.assetId ? 'router' : 'account'
      const common = { sell, buy: path.buy, paidTo, poolIds: path.edges.map(({ poolId }) => poolId) } as const
      if (fromNative > 0n) {
        rows.push({ draft: { ...common, paidFrom: 'native', amountIn: fromNative }, group: 0, rank })
      }
      if (whole > fromNative) {
        const group = path.buy === native.assetId ? 2 : 1
        rows.push({ draft: { ...common, paidFrom: 'token', amountIn: whole - fromNative }, group, rank })
      }
    }
  }
  return rows.sort((a, b) => a.group - b.group || a.rank - b.rank).map(({ draft }) => draft)
}

/** Runs drafts one after the other through the pools with the protocols' own integer arithmetic. */
export function replayDrafts(drafts: readonly LegDraft[], pools: readonly Pool[]): Replay {
  const state = new Map<string, Pool>(pools.map((pool) => [pool.id, pool]))
  const legs: ReplayedLeg[] = []
  for (const draft of drafts) {
    const leg = replayDraft(draft, state)
    if (!leg) return { status: 'failed', draft }
    legs.push(leg)
  }
  return { status: 'replayed', legs }
}

function replayDraft(draft: LegDraft, state: Map<string, Pool>): ReplayedLeg | undefined {
  const hops: Hop[] = []
  let gas: bigint = gasUnits.leg
  let assetId = draft.sell
  let amount = draft.amountIn
  for (const poolId of draft.poolIds) {
    const pool = state.get(poolId)
    if (!pool || amount === 0n) return undefined
    const sellsToken0 = pool.assetIds[0] === assetId
    const [tokenIn, tokenOut]: readonly [Address, Address] = sellsToken0
      ? [pool.token0, pool.token1]
      : [pool.token1, pool.token0]
    const outcome = swapExactIn({ pool, tokenIn, amountIn: amount })
    switch (outcome.status) {
      case 'outOfKnownTicks':
      case 'insufficientLiquidity':
        return undefined
      case 'swapped': {
        const buy = sellsToken0 ? pool.assetIds[1] : pool.assetIds[0]
        hops.push({
          pool: toHopPool(pool),
          sell: assetId,
          buy,
          tokenIn,
          tokenOut,
          amountIn: amount,
          amountOut: outcome.amountOut,
        })
        gas += hopGas({ kind: pool.kind, tokenIn, tokenOut, ticksCrossed: outcome.ticksCrossed })
        state.set(poolId, outcome.pool)
        assetId = buy
        amount = outcome.amountOut
        break
      }
      default:
        return assertNever(outcome)
    }
  }
  const [first, ...rest] = hops
  if (!first || amount === 0n) return undefined
  const { sell, buy, paidFrom, paidTo, amountIn } = draft
  return { sell, buy, paidFrom, paidTo, amountIn, hops: [first, ...rest], quotedOut: amount, gas }
}
