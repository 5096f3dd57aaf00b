import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dearRuns } from '@/lib/testing/runs'
import { findCycle } from './graph'
import type { RoutingPool, RoutingProblem } from './problem'
import { toRoutingProblem } from './problem'
import { solveRouting } from './solveRouting'
import { verifyRoutingSolution } from './verify'

const unit = fc.double({ min: 0, max: 1, noNaN: true })
const between = (low: number, high: number) => unit.map((part) => low + part * (high - low))
const magnitude = (low: number, high: number) => between(low, high).map((power) => 10 ** power)

interface Shape {
  readonly gas: boolean
  readonly calls: boolean
  /** Every pair of tokens next to each other has a constant product, so that every target can be reached. */
  readonly connected: boolean
  /** Least worth of a pool's first reserve, a power of ten; the portfolio is worth 1e5. */
  readonly depth: number
}

function share(parts: readonly number[]): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0)
  return parts.map((part) => part / total)
}

const sparse = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: between(0.05, 1) })

function toRange(from: number, widths: readonly (readonly [number, number])[]) {
  let lower = from
  return widths.map(([width, liquidity]) => {
    const upper = lower * (1 + width)
    const range = { lower, upper, liquidity }
    lower = upper
    return range
  })
}

const poolArbitrary = (
  prices: readonly number[],
  { connected, depth: least }: Shape,
  at: number,
): fc.Arbitrary<RoutingPool> => {
  const n = prices.length
  const pair: fc.Arbitrary<readonly [number, number]> =
    connected && at < n - 1
      ? fc.constant([at, at + 1] as const)
      : fc
          .tuple(fc.integer({ min: 0, max: n - 1 }), fc.integer({ min: 1, max: n - 1 }))
          .map(([a, step]) => [a, (a + step) % n] as const)
  return fc
    .record({
      pair,
      depth: magnitude(least, 10),
      miss: fc.oneof(fc.constant(1), between(0.98, 1.02)),
      fee: fc.constantFrom(0, 0.0001, 0.0005, 0.003, 0.01),
      gas: magnitude(-2, 1),
      start: between(0.7, 1.1),
      widths: fc.array(fc.tuple(between(0.001, 0.3), fc.oneof(fc.constant(0), between(0.2, 3))), {
        minLength: 1,
        maxLength: 6,
      }),
      ranged: fc.boolean(),
    })
    .map(({ pair: [a, b], depth, miss, fee, gas, start, widths, ranged }): RoutingPool => {
      const priceA = prices[a] ?? 1
      const priceB = prices[b] ?? 1
      const price = (priceA / priceB) * miss
      const common = { id: `P${at}`, tokens: [`T${a}`, `T${b}`] as const, fee, gasCost: gas }
      if (!ranged || (connected && at < n - 1))
        return { ...common, kind: 'constantProduct', reserves: [depth / priceA, (depth / priceA) * price] }
      const sqrtPrice = Math.sqrt(price)
      const liquidity = (depth / priceA) * sqrtPrice
      const ranges = toRange(
        start * sqrtPrice,
        widths.map(([width, factor]) => [width, factor * liquidity] as const),
      )
      const [first, ...rest] = ranges
      const filled =
        first === undefined || ranges.some((range) => range.liquidity > 0) ? ranges : [{ ...first, liquidity }, ...rest]
      return { ...common, kind: 'concentrated', sqrtPrice, ranges: filled }
    })
}

const problems = (shape: Shape): fc.Arbitrary<RoutingProblem> =>
  fc.integer({ min: 2, max: 6 }).chain((n) =>
    fc
      .tuple(fc.array(magnitude(-6, 6), { minLength: n, maxLength: n }), fc.integer({ min: n - 1, max: n + 6 }))
      .chain(([prices, count]) =>
        fc
          .record({
            held: fc.array(sparse, { minLength: n, maxLength: n }).filter((parts) => parts.some((part) => part > 0)),
            wanted: fc.array(sparse, { minLength: n, maxLength: n }).filter((parts) => parts.some((part) => part > 0)),
            band: fc.oneof(fc.constant(0), between(0, 0.4)),
            pools: fc.tuple(...Array.from({ length: count }, (_, at) => poolArbitrary(prices, shape, at))),
            budget: fc.integer({ min: 0, max: n + 2 }),
          })
          .map(({ held, wanted, band, pools, budget }) => {
            const holdings = share(held)
            const targets = share(wanted)
            return toRoutingProblem({
              tokens: prices.map((price, j) => ({
                id: `T${j}`,
                price,
                holding: ((holdings[j] ?? 0) * 1e5) / price,
                lower: (targets[j] ?? 0) * (1 - band),
                upper: (targets[j] ?? 0) * (1 + band),
              })),
              pools: pools.map((pool) => (shape.gas ? pool : { ...pool, gasCost: 0 })),
              ...(shape.calls ? { maxPoolCalls: budget } : {}),
            })
          }),
      ),
  )

const anything = fc
  .record({ gas: fc.boolean(), calls: fc.boolean(), connected: fc.boolean(), depth: fc.constantFrom(3, 5) })
  .chain((shape) => problems(shape))
const plain = problems({ gas: false, calls: false, connected: true, depth: 4 })

describe('solveRouting', () => {
  test('property: every solution stands up to a check from outside', () => {
    fc.assert(
      fc.property(anything, fc.boolean(), (problem, acyclic) => {
        const solution = solveRouting(problem, { acyclic, workLimit: 1e6 })
        expect(verifyRoutingSolution(problem, solution)).toEqual({ status: 'ok' })
        expect(solution.trades.length).toBeLessThanOrEqual(problem.maxPoolCalls ?? problem.pools.length)
      }),
      { numRuns: dearRuns(300) },
    )
  })

  test('property: without gas the plan is as good as the bound', () => {
    fc.assert(
      fc.property(plain, (problem) => {
        const solution = solveRouting(problem)
        expect(solution.status).toBe('solved')
        if (solution.status === 'solved') expect(solution.gapBps).toBeLessThan(1e-2)
      }),
      { numRuns: dearRuns(300) },
    )
  })

  test('property: the order of tokens and pools does not matter', () => {
    fc.assert(
      fc.property(plain, fc.infiniteStream(fc.nat()), (problem, keys) => {
        const mixed = <Item>(items: readonly Item[]) =>
          items
            .map((item) => ({ item, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item)
        const other = solveRouting({ tokens: mixed(problem.tokens), pools: mixed(problem.pools) })
        const { value } = solveRouting(problem)
        expect(Math.abs(other.value - value)).toBeLessThanOrEqual(1e-6 * value)
      }),
      { numRuns: dearRuns(100) },
    )
  })

  test('property: the units of account and of the tokens do not matter', () => {
    fc.assert(
      fc.property(plain, magnitude(-6, 6), (problem, scale) => {
        const priced = solveRouting({
          ...problem,
          tokens: problem.tokens.map((token) => ({ ...token, price: token.price * scale })),
        })
        const [first] = problem.tokens
        const counted = solveRouting({
          tokens: problem.tokens.map((token) =>
            token === first ? { ...token, price: token.price / scale, holding: token.holding * scale } : token,
          ),
          pools: problem.pools.map((pool) => recount(pool, first?.id ?? '', scale)),
        })
        const { value } = solveRouting(problem)
        expect(Math.abs(priced.value / scale - value)).toBeLessThanOrEqual(1e-6 * value)
        expect(Math.abs(counted.value - value)).toBeLessThanOrEqual(1e-6 * value)
      }),
      { numRuns: dearRuns(100) },
    )
  })

  test('property: an acyclic plan has no cycle and is within the bound of all plans', () => {
    fc.assert(
      fc.property(plain, (problem) => {
        const ordered = solveRouting(problem, { acyclic: true })
        expect(findCycle(ordered.trades)).toBeUndefined()
        if (ordered.status === 'solved') expect(ordered.bound).toBeGreaterThanOrEqual(ordered.value)
      }),
      { numRuns: dearRuns(200) },
    )
  })
})

/** The pool with one of its tokens counted in units that many times smaller. */
function recount(pool: RoutingPool, id: string, scale: number): RoutingPool {
  const at = pool.tokens.indexOf(id)
  if (at === -1) return pool
  if (pool.kind === 'constantProduct') {
    const [first, second] = pool.reserves
    return { ...pool, reserves: at === 0 ? [first * scale, second] : [first, second * scale] }
  }
  const root = Math.sqrt(scale)
  const factor = at === 0 ? 1 / root : root
  return {
    ...pool,
    sqrtPrice: pool.sqrtPrice * factor,
    ranges: pool.ranges.map(({ lower, upper, liquidity }) => ({
      lower: lower * factor,
      upper: upper * factor,
      liquidity: liquidity * root,
    })),
  }
}
