import { planApart } from './apart'
import { recenter, solveConvex } from './convex'
import { type Dual, usePools } from './dual'
import { findCycle, toComponents } from './graph'
import type { Market } from './market'
import { descend } from './newton'
import { idlePlan, type RoutingPlan, toPlan } from './plan'
import type { RoutingProblem } from './problem'
import type { SearchContext } from './search'
import type { RoutingSolution, UnreachableCode } from './solution'

/**
 * What may be lost, over the portfolio, to bring the total weight distance down by one unit. With less than 1 nothing is
 * thrown away for its own sake; more reaches further where liquidity is thin.
 */
const penalties = [0.95, 3, 10, 30]

/** For one of many attempts. */
const firstPenalty = [0.95]

/** Solves over these pools with bands that may be left at a price, one penalty after the other; the nearest plan met. */
function solveSoftly(
  context: SearchContext,
  pools: readonly number[],
  prices: readonly number[],
  rounds: number,
): RoutingPlan {
  const { dual, memory } = context
  const { share, market } = dual
  let list = [...pools]
  for (;;) {
    usePools(dual, list)
    dual.gasSoftness = 0
    share.level = 0
    share.center.set(market.holdings)
    share.penalty = prices[0] ?? 1
    const logPrices = new Float64Array(market.tokenCount)
    for (let cap = 100; cap < dual.deepest / 3; cap *= 30) {
      dual.depthCap = cap
      share.softness = Math.max(1e-5, 1 / cap)
      descend(dual, logPrices, memory, { tolerance: 1e-3, iterations: 30 })
      recenter(dual)
    }
    dual.depthCap = Number.POSITIVE_INFINITY
    let plan = idlePlan(market)
    for (const price of prices) {
      share.penalty = price
      share.softness = 1e-3
      for (let round = 0; round < rounds; round++) {
        descend(dual, logPrices, memory, { tolerance: 1e-11, fall: 1e-16, iterations: 30 })
        plan = nearer(plan, toPlan(dual))
        if (recenter(dual) <= 1e-10) break
        share.softness = Math.max(1e-7, share.softness * 0.3)
      }
    }
    share.penalty = Number.POSITIVE_INFINITY
    const cycle = context.acyclic ? findCycle(plan.trades) : undefined
    if (cycle === undefined) return plan
    const cut = plan.pools[cycle[0] as number]
    list = list.filter((i) => i !== cut)
  }
}

/** Where hard bands leave a solve that finds no plan: all pools lean towards the weights as far as they go. */
function solveRegardless({ dual, memory, acyclic }: SearchContext, pools: readonly number[]): RoutingPlan {
  usePools(dual, pools)
  solveConvex(dual, new Float64Array(dual.market.tokenCount), memory, 'cold')
  const plan = toPlan(dual)
  return acyclic && findCycle(plan.trades) !== undefined ? idlePlan(dual.market) : plan
}

function nearer(best: RoutingPlan, next: RoutingPlan): RoutingPlan {
  if (!Number.isFinite(next.worst) || !Number.isFinite(next.value)) return best
  if (next.distance < best.distance - 1e-12) return next
  return next.distance <= best.distance + 1e-12 && next.value > best.value ? next : best
}

/**
 * The plan found that comes nearest to the bands, by the sum of the distances of all weights.
 * @param pools where to look; at most `context.calls` of them are called.
 * @param solve solves a part of the problem that nothing connects with the rest.
 */
export function planNearest(
  context: SearchContext,
  pools: readonly number[],
  solve: (part: RoutingProblem) => RoutingSolution,
): RoutingPlan {
  const best = planApart(context, pools, solve)
  if (context.calls === 0) return best
  const widest = nearer(solveSoftly(context, pools, penalties, 8), solveRegardless(context, pools))
  if (widest.pools.length <= context.calls) return nearer(best, widest)
  return withinBudget(context, widest, best)
}

/** Fewer pools, then others: first the widest plan without its smallest flows, then one pool at a time, then exchanges. */
function withinBudget(context: SearchContext, widest: RoutingPlan, start: RoutingPlan): RoutingPlan {
  const { dual, calls } = context
  const { market } = dual
  const workLimit = dual.work + context.workLimit / 2
  const idle = idlePlan(market)
  const attempt = (list: readonly number[]) => {
    if (dual.work >= workLimit) return undefined
    const plan = nearer(idle, solveSoftly(context, list, firstPenalty, 4))
    return plan.pools.length <= calls ? plan : undefined
  }
  let best = start
  let chosen: readonly number[] = []
  const keep = (plan: RoutingPlan | undefined, list: readonly number[]) => {
    if (plan === undefined || nearer(best, plan) !== plan) return false
    best = plan
    chosen = list
    return true
  }
  let plan = widest
  while (plan.pools.length > calls) {
    const sizes = plan.pools.map((pool, at) => ({ pool, size: sizeOf(market, plan, at) }))
    sizes.sort((a, b) => b.size - a.size)
    const kept = calls + Math.floor((plan.pools.length - calls) / 2)
    const list = sizes.slice(0, kept).map(({ pool }) => pool)
    plan = solveSoftly(context, list, firstPenalty, 4)
    if (plan.pools.length <= calls) keep(plan, plan.pools)
  }
  const candidates = [...widest.pools]
  let grown: readonly number[] = []
  while (grown.length < calls && dual.work < workLimit) {
    let step: RoutingPlan | undefined
    let widened = grown
    for (const add of candidates) {
      if (grown.includes(add)) continue
      const next = attempt([...grown, add])
      if (next === undefined || (step !== undefined && nearer(step, next) !== next)) continue
      step = next
      widened = [...grown, add]
    }
    if (step === undefined) break
    grown = widened
    keep(step, grown)
  }
  for (let found = true; found; ) {
    found = false
    for (const drop of chosen) {
      for (const add of candidates) {
        if (found || chosen.includes(add)) continue
        const list = [...chosen.filter((i) => i !== drop), add]
        const next = attempt(list)
        if (next !== undefined && next.distance < best.distance - 1e-9) found = keep(next, list)
      }
    }
  }
  if (chosen.length > 0) keep(solveSoftly(context, chosen, penalties, 8), chosen)
  return best
}

/** What a trade of a plan is worth at the reference prices, portfolio shares. */
function sizeOf(market: Market, plan: RoutingPlan, at: number): number {
  const trade = plan.trades[at]
  const token = market.problem.tokens.find((one) => one.id === trade?.sell)
  return ((trade?.amountIn ?? 0) * (token?.price ?? 0)) / market.scale
}

/** Names of the tokens whose component of the graph cannot reach the weights asked of it, whatever is traded inside. */
function cutOff(dual: Dual): readonly string[] {
  const { market } = dual
  const component = toComponents(market, Array.from(market.first.keys()))
  const n = market.tokenCount
  const held = new Float64Array(n)
  const least = new Float64Array(n)
  const most = new Float64Array(n)
  for (let j = 0; j < n; j++) {
    const at = component[j] as number
    held[at] = (held[at] as number) + (market.holdings[j] as number)
    least[at] = (least[at] as number) + (market.lower[j] as number)
    most[at] = (most[at] as number) + (market.upper[j] as number)
  }
  const sizes = new Float64Array(n)
  for (const at of component) sizes[at] = (sizes[at] as number) + 1
  const largest = sizes.indexOf(Math.max(...sizes))
  const short = (at: number) =>
    (held[at] as number) < (least[at] as number) - 1e-9 || (held[at] as number) > (most[at] as number) + 1e-9
  const apart = market.problem.tokens.filter((_, j) => {
    const at = component[j] as number
    return at !== largest && short(at)
  })
  if (apart.length > 0) return apart.map((token) => token.id)
  const exact = market.lower.every((lower, j) => lower === market.upper[j])
  if (!exact) return []
  // Trading costs value, so a part of its own keeps its share only by chance.
  return market.problem.tokens
    .filter((_, j) => {
      const at = component[j] as number
      return at !== largest && (held[at] as number) + (most[at] as number) > 0
    })
    .map((token) => token.id)
}

/** Why no plan reaches the bands. */
export function explainUnreachable(
  dual: Dual,
  calls: number | 'enough',
): { readonly code: UnreachableCode; readonly reason: string } {
  if (calls !== 'enough')
    return {
      code: 'callBudget',
      reason: `No plan found reaches the bands with at most ${calls} pool ${calls === 1 ? 'call' : 'calls'}.`,
    }
  const names = cutOff(dual)
  if (names.length > 0)
    return {
      code: 'noRoute',
      reason: `No pool connects ${names.slice(0, 8).join(', ')}${names.length > 8 ? ' and others' : ''} with the rest of the portfolio.`,
    }
  return {
    code: 'liquidity',
    reason: 'The pools do not hold the liquidity to bring every weight into its band.',
  }
}
