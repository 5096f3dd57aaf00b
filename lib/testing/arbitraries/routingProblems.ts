import fc from 'fast-check'
import type { RoutingPool, RoutingProblem } from '@/lib/core/routing/problem'

const unit = fc.double({ min: 0, max: 1, noNaN: true })
const between = (low: number, high: number) => unit.map((part) => low + part * (high - low))
const magnitude = (low: number, high: number) => between(low, high).map((power) => 10 ** power)

const fees = fc.constantFrom(0.0001, 0.0005, 0.003, 0.01)

/** A pool of tokens `a` and `b` that is worth 10^5 to 10^7 and stands at most 0.2 % off their prices. */
function poolArbitrary(prices: readonly number[], id: string, a: number, b: number): fc.Arbitrary<RoutingPool> {
  const [first, second] = [prices[a] ?? 1, prices[b] ?? 1]
  const shape = {
    depth: magnitude(5, 7),
    miss: between(0.998, 1.002),
    fee: fees,
    gasCost: fc.constantFrom(0, 0.24, 4.8),
  }
  return fc
    .record({ ...shape, isRanged: fc.boolean(), widths: fc.array(between(0.01, 0.3), { minLength: 2, maxLength: 4 }) })
    .map(({ depth, miss, fee, gasCost, isRanged, widths }): RoutingPool => {
      const common = { id, tokens: [`T${a}`, `T${b}`] as const, fee, gasCost }
      // {b/a} = {value/a} / {value/b}
      const price = (first / second) * miss
      if (!isRanged) return { ...common, kind: 'constantProduct', reserves: [depth / first, (depth / first) * price] }
      const sqrtPrice = Math.sqrt(price)
      const liquidity = (depth / first) * sqrtPrice
      let lower = sqrtPrice * 0.9
      const ranges = widths.map((width, at) => {
        const range = { lower, upper: lower * (1 + width) * (at === 0 ? 1.15 : 1), liquidity: liquidity / (1 + at) }
        lower = range.upper
        return range
      })
      return { ...common, kind: 'concentrated', sqrtPrice, ranges }
    })
}

/** Problems of two to four connected tokens worth about 10^5 whose targets, exact or bands, can be reached. */
export const routingProblems: fc.Arbitrary<RoutingProblem> = fc
  .record({
    parts: fc.array(fc.tuple(magnitude(-2, 5), between(0, 1), between(0.05, 1)), { minLength: 2, maxLength: 4 }),
    band: fc.constantFrom(0, 0.1),
    extra: fc.integer({ min: 0, max: 3 }),
  })
  .chain(({ parts, band, extra }) => {
    const prices = parts.map(([price]) => price)
    const sum = (at: 1 | 2) => parts.reduce((total, part) => total + part[at], 0)
    const [held, wanted] = [sum(1) || 1, sum(2)]
    const tokens = parts.map(([price, holding, target], at) => {
      const weight = target / wanted
      // The first token holds something even where all others hold nothing.
      const value = 1e5 * (holding / held) + (at === 0 ? 1e3 : 0)
      return { id: `T${at}`, price, holding: value / price, lower: weight * (1 - band), upper: weight * (1 + band) }
    })
    const pairs = [
      ...tokens.slice(1).map((_, at) => [at, at + 1] as const),
      ...Array.from({ length: extra }, (_, at) => [at % tokens.length, (at + 1) % tokens.length] as const),
    ]
    return fc
      .tuple(...pairs.map(([a, b], at) => poolArbitrary(prices, `P${at}`, a, b)))
      .map((pools): RoutingProblem => ({ tokens, pools }))
  })
