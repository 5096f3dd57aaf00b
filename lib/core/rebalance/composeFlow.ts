import { swapExactIn } from '../amm/swapExactIn'
import { type AssetId, nativeAddress } from '../asset'
import type { Pool } from '../snapshot'
import type { Address } from '../units'
import { type ReplayedLeg, splitAmount } from './composeLegs'
import { type FlowEdge, topologicalOrder } from './decomposeFlow'
import { flowLegGas } from './gasModel'
import { toHopPool } from './hopPool'
import type { Spending } from './plan'

/** What the account gives of one asset and what it is to get of it, beside what flows through. */
export type FlowEnd = {
  readonly assetId: AssetId
  /** By token, in the order in which they are used up. */
  readonly spendings: readonly Spending[]
  /** Whole tokens that are to stay of what arrives; 0 where all is passed on. */
  readonly kept: number
}

/** What the router does beside the legs: how often native coin becomes wrapped coin, or back, and what it pays out at the end. */
export type FlowWork = { readonly wraps: number; readonly unwraps: number; readonly sweeps: number }

/** A flow as the Universal Router executes it. */
export type ReplayedFlow =
  | {
      readonly status: 'replayed'
      readonly legs: readonly ReplayedLeg[]
      readonly work: FlowWork
    }
  /** A pool cannot take what the flow gives it. */
  | { readonly status: 'failed'; readonly sell: AssetId; readonly buy: AssetId }

/** What stands in the router of one asset: the native coin and the ERC-20 are two purses. */
type Purse = { native: bigint; erc20: bigint; isFed: boolean }

/** One outgoing edge with its pool, and whether it sells the native coin as such. */
type Outgoing = { readonly edge: FlowEdge; readonly pool: Pool; readonly tokenIn: Address; readonly tokenOut: Address }

/**
 * Puts a flow into the order in which the Universal Router runs it, gives each pool an exact amount and replays it: assets in
 * topological order, so that all that arrives of an asset is there before any of it goes on; of an asset's pools the largest last,
 * which takes all that is left. Where legs sell both the native and the wrapped coin, those for which there is enough stand first, so
 * that one conversion between the two groups is enough.
 * @throws {CyclicFlowError} when the flow has a cycle.
 */
export function replayFlow(request: {
  /** One edge for each pool. */
  readonly flow: readonly FlowEdge[]
  readonly ends: ReadonlyMap<AssetId, FlowEnd>
  readonly pools: ReadonlyMap<string, Pool>
  readonly wrappedNative: Address
}): ReplayedFlow {
  const { flow, ends, pools, wrappedNative } = request
  const purses = new Map<AssetId, Purse>()
  const purseOf = (assetId: AssetId): Purse => {
    const purse = purses.get(assetId) ?? { native: 0n, erc20: 0n, isFed: false }
    purses.set(assetId, purse)
    return purse
  }
  const legs: ReplayedLeg[] = []
  const work = { wraps: 0, unwraps: 0, sweeps: 0 }
  for (const assetId of topologicalOrder(flow)) {
    const outgoing = flow.filter(({ from }) => from === assetId).flatMap((edge) => toOutgoing(edge, pools) ?? [])
    if (outgoing.length === 0) continue
    const end = ends.get(assetId)
    const purse = purseOf(assetId)
    for (const { token, amount } of end?.spendings ?? []) addTo(purse, token, amount)
    const drafts = shareOut(outgoing, purse, end?.kept ?? 0)
    const paidFrom = drafts.map((draft) => paidFromOf(draft, purse, drafts))
    convert(drafts, purse, work)
    for (const [position, { edge, pool, tokenIn, tokenOut, amountIn }] of drafts.entries()) {
      const outcome = amountIn > 0n ? swapExactIn({ pool, tokenIn, amountIn }) : undefined
      if (outcome?.status !== 'swapped') return { status: 'failed', sell: edge.from, buy: edge.to }
      const { from: sell, to: buy } = edge
      const amountOut = outcome.amountOut
      addTo(purse, tokenIn, -amountIn)
      addTo(purseOf(buy), tokenOut, amountOut)
      purseOf(buy).isFed = true
      const payer = paidFrom[position] ?? 'router'
      legs.push({
        sell,
        buy,
        paidFrom: payer,
        paidTo: 'router',
        hops: [{ pool: toHopPool(pool), sell, buy, tokenIn, tokenOut, amountIn, amountOut }],
        amountIn,
        quotedOut: amountOut,
        gas: flowLegGas({ kind: pool.kind, tokenIn, tokenOut, ticksCrossed: outcome.ticksCrossed }, payer),
      })
    }
  }
  const paid = legs.map((leg) => ({ ...leg, paidTo: paidToOf(leg, legs, wrappedNative) }))
  for (const [assetId, { native, erc20 }] of purses) {
    if (paid.some(({ buy, paidTo }) => buy === assetId && paidTo === 'account')) continue
    const isWrapped = paid.some(({ buy, hops: [{ tokenOut }] }) => buy === assetId && isSame(tokenOut, wrappedNative))
    if (isWrapped && erc20 > 0n) work.unwraps += 1
    if (native > 0n || (!isWrapped && erc20 > 0n)) work.sweeps += 1
  }
  return { status: 'replayed', legs: paid, work }
}

function toOutgoing(edge: FlowEdge, pools: ReadonlyMap<string, Pool>): Outgoing | undefined {
  const pool = pools.get(edge.poolId)
  if (pool === undefined) return undefined
  const [tokenIn, tokenOut] = pool.assetIds[0] === edge.from ? [pool.token0, pool.token1] : [pool.token1, pool.token0]
  return { edge, pool, tokenIn, tokenOut }
}

function addTo(purse: Purse, token: Address, amount: bigint): void {
  if (token === nativeAddress) purse.native += amount
  else purse.erc20 += amount
}

type Draft = Outgoing & { readonly amountIn: bigint }

/** Exact amounts for an asset's pools in the order of execution: rounded down, the last one takes what is left. */
function shareOut(outgoing: readonly Outgoing[], { native, erc20 }: Purse, kept: number): readonly Draft[] {
  const bySize = [...outgoing].sort(
    (a, b) => a.edge.amountIn - b.edge.amountIn || (a.edge.poolId < b.edge.poolId ? -1 : 1),
  )
  // What is kept takes the dust of what it stands behind; only where nothing is kept does a leg.
  const shares = [...bySize.map(({ edge }) => edge.amountIn), ...(kept > 0 ? [kept] : [])]
  const amounts = splitAmount(native + erc20, shares)
  const drafts = bySize.map((one, position) => ({ ...one, amountIn: amounts[position] ?? 0n }))
  const [natives, wrapped] = [drafts.filter(isNative), drafts.filter((draft) => !isNative(draft))]
  const ordered = sumOf(wrapped) > erc20 ? [...natives, ...wrapped] : [...wrapped, ...natives]
  if (kept > 0) return ordered
  const rest = native + erc20 - sumOf(ordered.slice(0, -1))
  return ordered.map((draft, position) => (position === ordered.length - 1 ? { ...draft, amountIn: rest } : draft))
}

const isNative = ({ tokenIn }: Pick<Outgoing, 'tokenIn'>) => tokenIn === nativeAddress
const sumOf = (drafts: readonly Draft[]) => drafts.reduce((sum, { amountIn }) => sum + amountIn, 0n)

/** Where one of the two purses does not hold what is sold from it, all that is left in the other one goes over. */
function convert(drafts: readonly Draft[], purse: Purse, work: { wraps: number; unwraps: number }): void {
  const natives = sumOf(drafts.filter(isNative))
  const wrapped = sumOf(drafts) - natives
  let moved = 0n
  if (natives > purse.native) {
    moved = purse.erc20 - wrapped
    work.unwraps += 1
  } else if (wrapped > purse.erc20) {
    moved = natives - purse.native
    work.wraps += 1
  }
  purse.native += moved
  purse.erc20 -= moved
}

/** Up to so many legs, it is cheaper that each pulls what it sells than to pull once for all. */
const mostPullingLegs = 4

/** A leg takes what it sells from the account itself where nothing else stands in its purse and few legs want of it. */
function paidFromOf(draft: Draft, { native, erc20, isFed }: Purse, drafts: readonly Draft[]): ReplayedLeg['paidFrom'] {
  if (isFed) return 'router'
  if (isNative(draft)) return erc20 === 0n ? 'native' : 'router'
  return native === 0n && drafts.length <= mostPullingLegs && !drafts.some(isNative) ? 'token' : 'router'
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** A leg pays the account where it alone ends in what it buys. Ether is paid out as the native coin. */
function paidToOf(
  { buy, hops: [{ tokenOut }] }: ReplayedLeg,
  legs: readonly ReplayedLeg[],
  wrappedNative: Address,
): ReplayedLeg['paidTo'] {
  const isOnly = legs.filter((other) => other.buy === buy).length === 1
  const isPassedOn = legs.some(({ sell }) => sell === buy)
  return isOnly && !isPassedOn && !isSame(tokenOut, wrappedNative) ? 'account' : 'router'
}
