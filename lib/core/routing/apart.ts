import { toComponents } from './graph'
import type { Market } from './market'
import { idlePlan, planOfTrades, type RoutingPlan } from './plan'
import type { RoutingProblem } from './problem'
import type { SearchContext } from './search'
import type { RoutingSolution, RoutingTrade } from './solution'

/** Trading costs value, so the parts' shares move a little with every solve. */
const passes = 3

/**
 * Where no pools connect the tokens, each part is a portfolio of its own whose share of the whole is given. A part with too
 * little for its lower edges fills none above them, a part with too much empties none below its upper edges: so the sum of
 * distances is the least that these shares allow.
 * @param solve solves a part.
 * @returns the parts' plans together, or the idle plan where everything is connected.
 */
export function planApart(
  { dual, calls }: SearchContext,
  pools: readonly number[],
  solve: (part: RoutingProblem) => RoutingSolution,
): RoutingPlan {
  const { market } = dual
  const component = toComponents(market, pools)
  const parts = [...new Set(component)]
  let best = idlePlan(market)
  if (parts.length < 2) return best
  let held: Float64Array = market.holdings
  for (let pass = 0; pass < passes; pass++) {
    const trades: RoutingTrade[] = []
    for (const part of parts) {
      const problem = toPart(market, component, part, held)
      if (problem !== undefined) trades.push(...solve(problem).trades)
    }
    const plan = planOfTrades(market, trades)
    if (plan.pools.length <= calls && plan.distance < best.distance) best = plan
    held = Float64Array.from(plan.after, ({ weight }) => weight)
  }
  return best
}

/** One part as a problem, its bands as shares of its own worth; undefined where there is nothing to trade. */
function toPart(
  { problem }: Market,
  component: Int32Array,
  part: number,
  held: Float64Array,
): RoutingProblem | undefined {
  const members = problem.tokens.filter((_, j) => component[j] === part)
  const ids = new Set(members.map(({ id }) => id))
  const pools = problem.pools.filter(({ tokens }) => ids.has(tokens[0])).map((pool) => ({ ...pool, gasCost: 0 }))
  if (pools.length === 0 || !members.some(({ holding }) => holding > 0)) return undefined
  let share = 0
  let least = 0
  let most = 0
  problem.tokens.forEach(({ lower, upper }, j) => {
    if (component[j] !== part) return
    share += held[j] as number
    least += lower
    most += upper
  })
  const tokens = members.map((token) => {
    const [lower, upper] =
      share < least ? [0, token.lower] : share > most ? [token.upper, 1] : [token.lower, token.upper]
    return { ...token, lower: Math.min(1, lower / share), upper: Math.min(1, upper / share) }
  })
  return { tokens, pools }
}
