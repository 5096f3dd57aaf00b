import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { routingProblems } from '@/lib/testing/arbitraries/routingProblems'
import { dearRuns } from '@/lib/testing/runs'
import type { RoutingProblem } from '../routing/problem'
import type { RoutingSolution } from '../routing/solution'
import { solveRouting } from '../routing/solveRouting'
import type { ExactPlanSource } from './exactPlan'
import { composePlanFile, type PlanFile, toPlanFile } from './planFile'
import { InvalidPlanFileError } from './planFileFields'
import type { PlanViolation } from './planViolation'
import { verifyPlanFile } from './verifyPlanFile'

const banded = (target: number) => ({ lower: target * 0.9, upper: target * 1.1 })

const problem: RoutingProblem = {
  tokens: [
    { id: 'USD', price: 1, holding: 40_000, ...banded(0.4) },
    { id: 'ETH', price: 2000, holding: 30, ...banded(0.3) },
    { id: 'BTC', price: 60_000, holding: 0, ...banded(0.3) },
  ],
  pools: [
    { id: 'A', kind: 'constantProduct', tokens: ['USD', 'ETH'], reserves: [5e6, 2500], fee: 0.0005, gasCost: 0.24 },
    { id: 'B', kind: 'constantProduct', tokens: ['ETH', 'BTC'], reserves: [3000, 100], fee: 0.003, gasCost: 0.24 },
    {
      id: 'C',
      kind: 'concentrated',
      tokens: ['BTC', 'USD'],
      fee: 0.003,
      gasCost: 4.8,
      sqrtPrice: 245,
      ranges: [
        { lower: 200, upper: 240, liquidity: 5e3 },
        { lower: 240, upper: 250, liquidity: 2e4 },
      ],
    },
    { id: 'D', kind: 'constantProduct', tokens: ['USD', 'BTC'], reserves: [600, 0.01], fee: 0.01, gasCost: 0 },
  ],
  maxPoolCalls: 3,
}

const units = (amount: number, decimals: number) => BigInt(Math.round(amount * 1e6)) * 10n ** BigInt(decimals - 6)
const decimals: { readonly [id: string]: number } = { USD: 6, ETH: 18, BTC: 8 }

/** The plan's own trades in base units. */
function toMade({ trades }: RoutingSolution): ExactPlanSource {
  return {
    chainId: 1,
    block: { number: 24_000_000n, hash: '0xab', timestamp: 1_760_000_000 },
    router: '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45',
    tokens: problem.tokens.map(({ id, holding }) => ({
      id,
      decimals: decimals[id] ?? 18,
      holding: units(holding, decimals[id] ?? 18),
    })),
    legs: trades.map(({ pool, sell, buy, amountIn, amountOut }) => ({
      pool,
      tokenIn: sell,
      tokenOut: buy,
      amountIn: units(amountIn, decimals[sell] ?? 18),
      amountOut: units(amountOut, decimals[buy] ?? 18),
      minimumOut: units(amountOut * 0.99, decimals[buy] ?? 18),
    })),
  }
}

const solution = solveRouting(problem, { acyclic: true })
const file = composePlanFile({ problem, solution, made: toMade(solution) })
const outOfReach: RoutingProblem = { ...problem, maxPoolCalls: 0 }
const unreachable = composePlanFile({ problem: outOfReach, solution: solveRouting(outOfReach) })
const bare = composePlanFile({ problem, solution })

type Json = { [key: string]: Json } | Json[] | number | string | null
type Path = readonly (string | number)[]

function listNumbers(json: Json, path: Path = []): readonly Path[] {
  if (typeof json === 'number' || (typeof json === 'string' && /^\d+$/.test(json))) return [path]
  if (typeof json !== 'object' || json === null) return []
  return Array.isArray(json)
    ? json.flatMap((one, at) => listNumbers(one, [...path, at]))
    : Object.entries(json).flatMap(([key, one]) => listNumbers(one, [...path, key]))
}

const asJson = (from: PlanFile): Json => JSON.parse(JSON.stringify(from))

function change(json: Json, [key, ...rest]: Path, to: (value: Json) => Json): Json {
  if (key === undefined) return to(json)
  if (Array.isArray(json)) return json.map((one, at) => (at === key ? change(one, rest, to) : one))
  const fields = json as { [key: string]: Json }
  return { ...fields, [key]: change(fields[key] ?? null, rest, to) }
}

const without = (json: Json, key: string): Json =>
  Object.fromEntries(Object.entries(json as { [key: string]: Json }).filter(([name]) => name !== key))

function judge(json: Json): 'verified' | 'violated' | 'malformed' {
  try {
    return verifyPlanFile(toPlanFile(json)).status
  } catch (error) {
    if (error instanceof InvalidPlanFileError) return 'malformed'
    throw error
  }
}

/** A slip in a figure: a little off, far off, or another figure altogether. */
const slips: fc.Arbitrary<(value: Json) => Json> = fc.oneof(
  fc
    .tuple(fc.double({ min: -6, max: 3, noNaN: true }), fc.constantFrom(1, -1))
    .map(([power, sign]) => (value: Json) => {
      const off = sign * 10 ** power
      if (typeof value === 'string')
        return String(BigInt(value) + (off > 0 ? 1n : -1n) * BigInt(Math.ceil(10 ** power)))
      return typeof value === 'number' ? value + off * Math.max(0.1, Math.abs(value)) : value
    }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((other) => (value: Json) => {
    if (typeof value === 'string') return value === '7' ? '8' : '7'
    const size = Math.max(1, Math.abs(Number(value)))
    return Math.abs(other - Number(value)) < 1e-6 * size ? other + size : other
  }),
)

function kindsOf(json: Json): readonly PlanViolation['kind'][] {
  return verifyPlanFile(toPlanFile(json)).violations.map(({ kind }) => kind)
}

describe('verifyPlanFile', () => {
  test('default', () => {
    expect(solution).toMatchObject({ status: 'solved' })
    const verdict = verifyPlanFile(file)
    expect(verdict).toMatchObject({ status: 'verified', violations: [] })
    expect(verdict.value).toBeCloseTo(solution.value, 6)
    expect(verdict.bound).toBeCloseTo(solution.bound ?? 0, 6)
    expect(verdict.gapBps).toBeCloseTo(solution.gapBps ?? 0, 6)
    expect(verdict.made?.value).toBeCloseTo(solution.value, 1)
    expect(verdict.unchecked.filter((line) => line.startsWith('made: '))).toHaveLength(3)
  })

  test('behaviour: a target out of reach is checked as far as it can be', () => {
    expect(unreachable.plan.status).toBe('unreachable')
    const verdict = verifyPlanFile(unreachable)
    expect(verdict).toMatchObject({ status: 'verified', bound: null, gapBps: null, poolUse: [] })
    expect(verdict.unchecked.join()).toContain('no plan reaches the bands')
  })

  test('behaviour: the slacks of the pools are the gap', () => {
    const tokens = problem.tokens.map((token) => ({ ...token, lower: token.upper / 1.1, upper: token.upper / 1.1 }))
    const exact = { ...problem, tokens }
    const best = solveRouting(exact)
    const called = best.trades.map(({ pool }) => pool)
    const poor = solveRouting({ ...exact, pools: exact.pools.filter(({ id }) => id !== called[0]) })
    if (best.status !== 'solved' || poor.status !== 'solved') throw new Error('Both have a plan.')
    const { bound: highest, shadowPrices } = best
    const said = (1e4 * (highest - poor.value)) / highest
    const verdict = verifyPlanFile(
      composePlanFile({ problem: exact, solution: { ...poor, bound: highest, shadowPrices, gapBps: said } }),
    )
    const { status, poolUse, gapBps, bound: most } = verdict
    expect(status).toBe('verified')
    const slack = poolUse.reduce((sum, pool) => sum + pool.slack, 0)
    expect(gapBps).toBeGreaterThan(1)
    expect((1e4 * slack) / (most ?? 0)).toBeCloseTo(gapBps ?? 0, 6)
  })

  test('property: what the planner finds is verified', () => {
    fc.assert(
      fc.property(routingProblems, (drawn) => {
        const found = composePlanFile({ problem: drawn, solution: solveRouting(drawn) })
        expect(verifyPlanFile(found)).toMatchObject({ status: 'verified', violations: [] })
      }),
      { numRuns: dearRuns(100) },
    )
  })

  test.each([
    ['a plan', asJson(file)],
    ['a plan without its exact part', asJson(bare)],
    ['a target out of reach', asJson(unreachable)],
  ])('property: no figure of %s can be changed unnoticed', (_, json) => {
    expect(judge(json)).toBe('verified')
    fc.assert(
      fc.property(fc.constantFrom(...listNumbers(json)), slips, (path, slip) => {
        expect(judge(change(json, path, slip))).not.toBe('verified')
      }),
      { numRuns: dearRuns(500) },
    )
  })

  test.each([
    ['a plan', asJson(bare)],
    ['a target out of reach', asJson(unreachable)],
  ])('property: for the figures of %s that needs no checksum', (_, json) => {
    const open = without(json, 'checksum')
    expect(judge(open)).toBe('verified')
    const paths = listNumbers(open).filter(([part]) => part === 'plan')
    fc.assert(
      fc.property(fc.constantFrom(...paths), slips, (path, slip) => {
        expect(judge(change(open, path, slip))).not.toBe('verified')
      }),
      { numRuns: dearRuns(500) },
    )
  })

  test.each<[PlanViolation['kind'], Path, (value: Json) => Json]>([
    ['underpaid', ['plan', 'trades', 0, 'amountOut'], (value) => Number(value) * 0.999],
    ['overpaid', ['plan', 'trades', 0, 'amountOut'], (value) => Number(value) * 1.001],
    ['unknownPool', ['plan', 'trades', 0, 'pool'], () => 'X'],
    ['wrongTokens', ['plan', 'trades', 0, 'buy'], () => 'X'],
    ['poolUsedTwice', ['plan', 'trades'], (value) => [...(value as Json[]), ...(value as Json[])]],
    ['tooManyCalls', ['problem', 'maxPoolCalls'], () => 0],
    ['outOfBand', ['problem', 'tokens', 0, 'lower'], () => 0.42],
    ['wrongHolding', ['plan', 'after'], (value) => (value as Json[]).slice(1)],
    ['unknownToken', ['plan', 'after'], (value) => [...(value as Json[]), { id: 'X', holding: 0, weight: 0 }]],
    ['unknownToken', ['plan', 'shadowPrices', 'X'], () => 1],
    ['wrongScale', ['plan', 'shadowPrices'], (value) => scaled(value, 2)],
    ['wrongBound', ['plan', 'shadowPrices'], () => ({})],
    ['wrongGap', ['plan', 'gapBps'], () => 0.001],
    ['wrongValueBefore', ['plan', 'valueBefore'], (value) => Number(value) + 0.01],
    ['wrongWeight', ['plan', 'after', 0, 'weight'], (value) => Number(value) + 1e-6],
    ['wrongChecksum', ['checksum'], () => '00000000'],
  ])('behaviour: %s is found', (kind, path, to) => {
    expect(kindsOf(change(asJson(file), path, to))).toContain(kind)
  })

  test.each<[PlanViolation['kind'], Path, (value: Json) => Json]>([
    ['unknownPool', ['made', 'legs', 0, 'pool'], () => 'X'],
    ['wrongTokens', ['made', 'legs', 0, 'tokenOut'], () => 'X'],
    ['wrongTokens', ['made', 'legs', 0], (value) => ({ ...(value as object), tokenIn: 'ETH', tokenOut: 'ETH' })],
    ['notAnAmount', ['made', 'legs', 0, 'amountIn'], () => '0'],
    ['notAnAmount', ['made', 'legs', 0, 'amountOut'], () => '0'],
    ['wrongMinimum', ['made', 'legs', 0, 'minimumOut'], () => `1${'0'.repeat(30)}`],
    ['oversold', ['made', 'legs', 0, 'amountIn'], () => `1${'0'.repeat(30)}`],
    ['oversold', ['made', 'tokens'], () => []],
    ['wrongHolding', ['made', 'tokens', 0, 'holding'], () => '1'],
    ['repeatedToken', ['made', 'tokens'], (value) => [...(value as Json[]), ...(value as Json[])]],
    ['unknownToken', ['made', 'tokens', 0, 'id'], () => 'X'],
  ])('behaviour: %s is found in the exact part', (kind, path, to) => {
    const json = without(change(asJson(file), path, to), 'checksum')
    const { status, violations } = verifyPlanFile(toPlanFile(json))
    expect(status).toBe('violated')
    expect(violations).toContainEqual(expect.objectContaining({ kind, field: expect.stringMatching(/^made\./) }))
  })

  test('behaviour: a target that is reached is not out of reach', () => {
    const json = asJson(unreachable)
    const tokens = change(json, ['problem', 'tokens'], (value) =>
      (value as { [key: string]: Json }[]).map((token) => ({ ...token, lower: 0, upper: 1 })),
    )
    expect(kindsOf(tokens)).toContain('withinReach')
  })
})

function scaled(prices: Json, by: number): Json {
  return Object.fromEntries(Object.entries(prices as { [id: string]: number }).map(([id, price]) => [id, price * by]))
}
