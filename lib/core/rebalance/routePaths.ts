import type { AssetId } from '../asset'
import type { RoutingProblem } from '../routing/problem'
import type { RoutingSolution } from '../routing/solution'
import { balancePaths } from './balancePaths'
import { composeDrafts, type ReplayedLeg, replayDrafts } from './composeLegs'
import { toDollars, toWhole } from './composePools'
import { composeProblem, type Sellable } from './composeRouting'
import { countApprovals } from './countApprovals'
import { decomposeFlow, type FlowEdge, type FlowPath } from './decomposeFlow'
import { baseGas, bundleGas, gasToUsd, gasUnits } from './gasModel'
import { prunePaths } from './prunePaths'
import { reducePaths } from './reducePaths'
import { exactSale, type RoutedTrades, type RouteRequest } from './routedTrades'
import { sumSpendings } from './sumLegs'

/** A second pool is taken to better the price of a path by at least this part: larger paths pay for their gas anyway. */
const leastPriceGain = 5e-4

/**
 * Routes through SwapRouter02: solves for all trades at once, takes the flow apart into paths and turns these into exact, replayed legs
 * in the order of execution.
 */
export function routePaths(request: RouteRequest): RoutedTrades {
  const problem = composeProblem(request)
  if (request.rivalUsd !== undefined && isOutbid(request.solve(problem, 'bound'), request.rivalUsd, request)) {
    return { status: 'outbid' }
  }
  const solution = request.solve(problem, request.effort)
  const priceOf = new Map(problem.tokens.map(({ id, price }) => [id, price]))
  const flow = solution.trades.map(
    ({ pool, sell, buy, amountIn, amountOut }): FlowEdge => ({
      poolId: pool,
      from: sell,
      to: buy,
      amountIn,
      amountOut,
    }),
  )
  const { maxLegs } = request
  const all = decomposeFlow(flow, (assetId) => priceOf.get(assetId) ?? 0)
  if (all.length === 0) return { status: 'nothing' }
  if (all.length <= maxLegs) {
    const whole = replayPaths(request, all, { problem, solution })
    if (whole.status !== 'tooManyLegs') return whole
  }
  // The path that sells ether in both its forms is two legs.
  for (const maxPaths of [maxLegs, maxLegs - 1]) {
    const paths = reducePaths(all, maxPaths)
    const reduced = paths.length <= maxPaths && replayPaths(request, paths, { problem, solution })
    if (reduced && reduced.status !== 'tooManyLegs') return reduced
  }
  return { status: 'tooManyLegs' }
}

type Solved = { readonly problem: RoutingProblem; readonly solution: RoutingSolution }

/** Replays paths, balanced, without those that do not pay for their gas. */
function replayPaths(request: RouteRequest, paths: readonly FlowPath[], solved: Solved): RoutedTrades {
  const { toleratedUsd, maxFeePerGas, native, effort, sellables, maxLegs } = request
  const pools = request.pools.map(({ pool }) => pool)
  const draftsOf = (set: readonly FlowPath[]) =>
    composeDrafts({ paths: set, sells: exactSells(sellables, set, solved.solution), native })
  const run = (set: readonly FlowPath[]) => {
    const replay = replayDrafts(draftsOf(set), pools)
    return replay.status === 'failed' ? undefined : measureLegs(request, replay.legs)
  }
  const kept = new Set(
    sellables.filter(({ wanted, keptUsd }) => wanted.wantedUsd > keptUsd).map(({ wanted }) => wanted.asset.assetId),
  )
  const keepsSome = (assetId: AssetId) => kept.has(assetId)
  const legUsd = toDollars(gasToUsd(gasUnits.leg + gasUnits.concentratedHop, maxFeePerGas, native.price))
  const { paths: pruned, outcome } = prunePaths({
    paths,
    toleratedUsd,
    largestUsd: effort === 'rough' ? 0 : Math.max(toleratedUsd, legUsd / leastPriceGain),
    evaluate: (set) => balancePaths(set, toleratedUsd / 50, keepsSome, run),
  })
  if (outcome === undefined) {
    const failed = replayDrafts(draftsOf(pruned), pools)
    return failed.status === 'failed' ? { ...failed.draft, status: 'failed' } : { status: 'nothing' }
  }
  const { legs, spendings, approvals, gasUnits: units } = outcome
  if (legs.length > maxLegs) return { status: 'tooManyLegs' }
  const isOnTarget = outcome.errorUsd <= toleratedUsd
  return { ...solved, status: 'routed', legs, spendings, approvals, gasUnits: units, isOnTarget }
}

/** Whether the most that the pools allow, less what every bundle of this router costs beside the pools, is less than a rival leaves. */
function isOutbid(
  solution: RoutingSolution,
  rivalUsd: number,
  { sellables, rung, maxFeePerGas, native }: RouteRequest,
): boolean {
  if (solution.status !== 'solved') return false
  const soldCount = sellables.filter(({ wanted: { asset, wantedUsd } }) => wantedUsd < asset.valueUsd).length
  const legCount = Math.max(soldCount, sellables.length - soldCount)
  const gas = baseGas(rung) + BigInt(legCount) * gasUnits.leg
  return solution.bound - toDollars(gasToUsd(gas, maxFeePerGas, native.price)) <= rivalUsd
}

/** What legs bring in less their gas, and how far they end from what is wanted. */
function measureLegs(request: RouteRequest, legs: readonly ReplayedLeg[]) {
  const { sellables, native, rung, deadline, maxFeePerGas, toleratedUsd } = request
  const spendings = sumSpendings(legs)
  const readings = sellables.map(({ wanted }) => wanted.asset.reading)
  const approvals = countApprovals({ router: 'swapRouter02', taken: spendings, readings, deadline }) ?? noApprovals
  const units = bundleGas({
    router: 'swapRouter02',
    rung,
    approvals,
    legs,
    unwraps: legs.some(({ buy }) => buy === native.assetId),
    paysNative: legs.some(({ paidFrom }) => paidFrom === 'native'),
  })
  const rows = sellables.map(({ wanted: { asset, wantedUsd }, sellable, keptUsd }) => {
    const change = legs.reduce((sum, { sell, buy, amountIn, quotedOut }) => {
      return sum - (sell === asset.assetId ? amountIn : 0n) + (buy === asset.assetId ? quotedOut : 0n)
    }, 0n)
    const usd = toWhole(sellable + change, asset.decimals) * toDollars(asset.price)
    return { assetId: asset.assetId, usd, wanted: toDollars(wantedUsd - keptUsd) }
  })
  const total = rows.reduce((sum, { usd }) => sum + usd, 0)
  const wantedTotal = rows.reduce((sum, { wanted }) => sum + wanted, 0)
  const missing = new Map(rows.map(({ assetId, usd, wanted }) => [assetId, (wanted / wantedTotal) * total - usd]))
  const errorUsd = [...missing.values()].reduce((most, usd) => Math.max(most, Math.abs(usd)), 0)
  // Where gas costs nothing a leg still has to earn something.
  const costUsd = toDollars(gasToUsd(units, maxFeePerGas, native.price)) + (legs.length * toleratedUsd) / 100
  const netUsd = total - costUsd
  return { legs, spendings, approvals, gasUnits: units, netUsd, errorUsd, missing }
}

const noApprovals = { erc20: 0, firstGrants: 0, laterGrants: 0 }

function exactSells(
  sellables: readonly Sellable[],
  paths: readonly FlowPath[],
  solution: RoutingSolution,
): ReadonlyMap<AssetId, bigint> {
  const sells = new Map<AssetId, bigint>()
  for (const sellable of sellables) {
    const { assetId } = sellable.wanted.asset
    const own = paths.filter(({ sell }) => sell === assetId)
    if (own.length === 0) continue
    const whole = own.reduce((sum, { amountIn }) => sum + amountIn, 0)
    sells.set(assetId, exactSale(sellable, whole, solution))
  }
  return sells
}
