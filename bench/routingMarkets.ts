import { normal, seededRandom } from '@/devnet/seededRandom'
import type { LiquidityRange, RoutingPool, RoutingProblem, RoutingToken } from '@/lib/core/routing/problem'

/** How large a synthetic market is. */
export type MarketSize = {
  readonly tokens: number
  readonly pools: number
}

const portfolioUsd = 100_000
const fees = [0.0001, 0.0005, 0.003, 0.01] as const
const rangeCount = 100
const hubs = 3

const between = (random: () => number, low: number, high: number) => low + random() * (high - low)
const pick = <Item>(random: () => number, items: readonly [Item, ...Item[]]): Item =>
  items[Math.floor(random() * items.length)] ?? items[0]

/** A hundred ranges around the price, thickest in the middle as providers leave them. */
function drawRanges(random: () => number, sqrtPrice: number, liquidity: number): readonly LiquidityRange[] {
  const width = between(random, 0.001, 0.01)
  const edge = (index: number) => sqrtPrice * Math.exp(((index - rangeCount / 2 + 0.3) * width) / 2)
  return Array.from({ length: rangeCount }, (_, index) => {
    const out = (index - rangeCount / 2) / (rangeCount / 5)
    return {
      lower: edge(index),
      upper: edge(index + 1),
      liquidity: liquidity * between(random, 0.5, 1.5) * (0.2 + 4 * Math.exp(-out * out)),
    }
  })
}

/** A pool near the reference price: off it by at most a fifth of its fee, so that no two pools can be played against each other. */
function drawPool(random: () => number, id: string, pair: readonly [RoutingToken, RoutingToken]): RoutingPool {
  const [first, second] = pair
  const fee = pick(random, fees)
  const price = (first.price / second.price) * Math.exp(between(random, -0.2, 0.2) * fee)
  const depthUsd = 10 ** between(random, 5, 8)
  const common = { id, tokens: [first.id, second.id] as const, fee, gasCost: 0 }
  if (random() < 0.5)
    return {
      ...common,
      kind: 'constantProduct',
      reserves: [depthUsd / first.price, (depthUsd / first.price) * price],
    }
  const sqrtPrice = Math.sqrt(price)
  const liquidity = (depthUsd / first.price) * sqrtPrice
  return { ...common, kind: 'concentrated', sqrtPrice, ranges: drawRanges(random, sqrtPrice, liquidity) }
}

/** A frozen market with a portfolio to bring to exact targets: the same for the same seed. Half the pools have 100 ranges. */
export function drawMarket({ tokens: count, pools: poolCount }: MarketSize, seed: number): RoutingProblem {
  const random = seededRandom(seed)
  const share = (parts: readonly number[]) => {
    const total = parts.reduce((sum, part) => sum + part, 0)
    return parts.map((part) => part / total)
  }
  const held = share(Array.from({ length: count }, () => Math.exp(normal(random))))
  const wanted = share(held.map((part) => part * Math.exp(0.7 * normal(random))))
  const tokens = held.map((part, index): RoutingToken => {
    const price = 10 ** between(random, -2, 5)
    const target = wanted[index] ?? 0
    return { id: `T${index}`, price, holding: (part * portfolioUsd) / price, lower: target, upper: target }
  })
  const pools = Array.from({ length: poolCount }, (_, index) => {
    // Each token has a pool with a hub; the others are drawn, two thirds of them with a hub.
    const a = index < count - 1 ? index + 1 : Math.floor(random() * count)
    const wantsHub = index < count - 1 || random() < 2 / 3
    const b = Math.floor(random() * (wantsHub ? Math.min(hubs, a || hubs) : count))
    const other = b === a ? (a + 1) % count : b
    const [first, second] = random() < 0.5 ? [a, other] : [other, a]
    return drawPool(random, `P${index}`, [tokens[first] as RoutingToken, tokens[second] as RoutingToken])
  })
  return { tokens, pools }
}
