import type { Market } from './market'
import type { RoutingTrade } from './solution'

/** The component of each token in the graph of these pools, by its lowest token. */
export function toComponents(market: Market, pools: ArrayLike<number>): Int32Array {
  const parent = Int32Array.from({ length: market.tokenCount }, (_, j) => j)
  const root = (j: number): number => {
    let at = j
    while ((parent[at] as number) !== at) {
      parent[at] = parent[parent[at] as number] as number
      at = parent[at] as number
    }
    return at
  }
  for (let at = 0; at < pools.length; at++) {
    const i = pools[at] as number
    const a = root(market.first[i] as number)
    const b = root(market.second[i] as number)
    if (a < b) parent[b] = a
    else parent[a] = b
  }
  return parent.map((_, j) => root(j))
}

/** True where all tokens that are held or wanted hang together through these pools. */
export function isConnected(market: Market, pools: ArrayLike<number>): boolean {
  const component = toComponents(market, pools)
  let only = -1
  for (let j = 0; j < market.tokenCount; j++) {
    if ((market.holdings[j] as number) === 0 && (market.upper[j] as number) === 0) continue
    if (only === -1) only = component[j] as number
    else if (component[j] !== only) return false
  }
  return true
}

/**
 * Finds a cycle in the flow of some trades, taking each trade for an edge from the token sold to the token bought.
 * @returns the positions of the trades on it, or undefined where tokens can be put in order.
 */
export function findCycle(trades: readonly RoutingTrade[]): readonly number[] | undefined {
  const leaving = new Map<string, number[]>()
  trades.forEach((trade, at) => {
    const list = leaving.get(trade.sell)
    if (list === undefined) leaving.set(trade.sell, [at])
    else list.push(at)
  })
  const finished = new Set<string>()
  const path: number[] = []
  const onPath = new Map<string, number>()
  const visit = (token: string): readonly number[] | undefined => {
    onPath.set(token, path.length)
    for (const at of leaving.get(token) ?? []) {
      const next = trades[at]?.buy ?? ''
      const since = onPath.get(next)
      if (since !== undefined) return [...path.slice(since), at]
      if (finished.has(next)) continue
      path.push(at)
      const found = visit(next)
      if (found !== undefined) return found
      path.pop()
    }
    onPath.delete(token)
    finished.add(token)
    return undefined
  }
  for (const token of leaving.keys()) {
    if (finished.has(token)) continue
    const found = visit(token)
    if (found !== undefined) return found
  }
  return undefined
}
