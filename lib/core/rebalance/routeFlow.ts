import { type AssetId, nativeAddress } from '../asset'
import type { RoutingProblem } from '../routing/problem'
import type { RoutingSolution } from '../routing/solution'
import type { Address } from '../units'
import { type FlowEnd, replayFlow } from './composeFlow'
import type { ReplayedLeg } from './composeLegs'
import { composeProblem } from './composeRouting'
import { countApprovals } from './countApprovals'
import type { FlowEdge } from './decomposeFlow'
import { bundleGas } from './gasModel'
import type { Spending } from './plan'
import { exactSale, type RoutedTrades, type RouteRequest } from './routedTrades'
import type { PricedAsset } from './screenAssets'

/** A flow below this share of the portfolio, or of fewer base units, is noise of the solver. */
const noise = 1e-9
const leastUnits = 1_000

/**
 * Routes through the Universal Router: solves for all trades at once and executes the flow pool by pool, each pool once, in exact
 * amounts. With too few legs for the targets it comes as near to them as these allow.
 */
export function routeFlow(request: RouteRequest & { readonly wrappedNative: Address }): RoutedTrades {
  const { pools, maxLegs, rung, deadline, wrappedNative } = request
  const budget = Number.isFinite(maxLegs) ? maxLegs : undefined
  const problem = composeProblem({ ...request, maxPoolCalls: budget })
  const solution = request.solve(problem, request.effort)
  const flow = clean(solution, problem, request)
  if (flow.length === 0) return { status: 'nothing' }
  if (flow.length > maxLegs) return { status: 'tooManyLegs' }
  const ends = composeEnds(flow, solution, request)
  const poolOf = new Map(pools.map(({ pool }) => [pool.id as string, pool]))
  const replayed = replayFlow({ flow, ends, pools: poolOf, wrappedNative })
  if (replayed.status === 'failed') return replayed
  const { legs, work } = replayed
  const spendings = orderSpendings(legs, ends)
  const isOnTarget = solution.status === 'solved' || solution.code !== 'callBudget'
  const readings = request.sellables.map(({ wanted }) => wanted.asset.reading)
  const approvals = countApprovals({ router: 'universalRouter', taken: spendings, readings, deadline })
  if (approvals === undefined) return { status: 'unknownAllowance' }
  const gasUnits = bundleGas({
    ...work,
    router: 'universalRouter',
    rung,
    approvals,
    legs,
    pulls: countPulls(legs, spendings),
  })
  return { status: 'routed', problem, solution, legs, spendings, approvals, gasUnits, isOnTarget }
}

/** The flow without what is too small to be an amount, and without dead ends that this leaves. */
function clean(
  { trades, valueBefore }: RoutingSolution,
  { tokens }: RoutingProblem,
  { hubs, sellables }: RouteRequest,
): readonly FlowEdge[] {
  const decimals = new Map(
    [...hubs, ...sellables.map(({ wanted }) => wanted.asset)].map((one) => [one.assetId, one.decimals]),
  )
  const prices = new Map(tokens.map(({ id, price }) => [id, price]))
  const ends = new Set(sellables.map(({ wanted }) => wanted.asset.assetId))
  const unitsOf = (assetId: AssetId, whole: number) => whole * 10 ** (decimals.get(assetId) ?? 0)
  let flow = trades
    .filter(
      ({ sell, buy, amountIn, amountOut }) =>
        amountIn * (prices.get(sell) ?? 0) > noise * valueBefore &&
        unitsOf(sell, amountIn) >= leastUnits &&
        unitsOf(buy, amountOut) >= leastUnits,
    )
    .map(
      ({ pool, sell, buy, amountIn, amountOut }): FlowEdge => ({
        poolId: pool,
        from: sell,
        to: buy,
        amountIn,
        amountOut,
      }),
    )
  for (;;) {
    const [sold, bought] = [new Set(flow.map(({ from }) => from)), new Set(flow.map(({ to }) => to))]
    const alive = flow.filter(({ from, to }) => (ends.has(from) || bought.has(from)) && (ends.has(to) || sold.has(to)))
    if (alive.length === flow.length) return flow
    flow = alive
  }
}

/** What goes in and comes out at each asset, beside what passes through. */
function composeEnds(
  flow: readonly FlowEdge[],
  solution: RoutingSolution,
  { sellables, native }: RouteRequest,
): ReadonlyMap<AssetId, FlowEnd> {
  const ends = new Map<AssetId, FlowEnd>()
  for (const sellable of sellables) {
    const { assetId } = sellable.wanted.asset
    const arriving = flow.reduce((sum, { to, amountOut }) => (to === assetId ? sum + amountOut : sum), 0)
    const leaving = flow.reduce((sum, { from, amountIn }) => (from === assetId ? sum + amountIn : sum), 0)
    const isPassedOn = Math.abs(arriving - leaving) <= noise * Math.max(arriving, leaving)
    const kept = isPassedOn ? 0 : Math.max(0, arriving - leaving)
    const sold = isPassedOn || leaving <= arriving ? 0n : exactSale(sellable, leaving - arriving, solution)
    ends.set(assetId, { assetId, kept, spendings: splitSale(sellable.wanted.asset, sold, native) })
  }
  return ends
}

/** The wrapped coin is sold before the native one. */
function splitSale({ assetId, reading }: PricedAsset, sold: bigint, native: PricedAsset): readonly Spending[] {
  const { address } = reading.asset.poolToken
  const wrapped = native.amount - native.nativeAmount
  const erc20 = assetId !== native.assetId || sold < wrapped ? sold : wrapped
  return [
    { assetId, token: address, amount: erc20 },
    { assetId, token: nativeAddress, amount: sold - erc20 },
  ].filter(({ amount }) => amount > 0n)
}

/** In the order in which the legs first sell. */
function orderSpendings(legs: readonly ReplayedLeg[], ends: ReadonlyMap<AssetId, FlowEnd>): readonly Spending[] {
  const sold = new Set(legs.map(({ sell }) => sell))
  return [...sold].flatMap((assetId) => ends.get(assetId)?.spendings ?? [])
}

/** Sold tokens that legs do not pull themselves. */
function countPulls(legs: readonly ReplayedLeg[], spendings: readonly Spending[]): number {
  const pulled = new Set(legs.filter(({ paidFrom }) => paidFrom === 'token').map(({ hops }) => hops[0].tokenIn))
  return spendings.filter(({ token }) => token !== nativeAddress && !pulled.has(token)).length
}
