import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { routingProblems } from '@/lib/testing/arbitraries/routingProblems'
import { dearRuns } from '@/lib/testing/runs'
import type { RoutingProblem } from '../routing/problem'
import type { SolvedRouting } from '../routing/solution'
import { solveRouting } from '../routing/solveRouting'
import { measureChecksum } from './checksum'
import type { ExactPlanSource } from './exactPlan'
import { composePlanFile, isPlanFile, joinPlanFile, measurePlanFileChecksum, toPlanFile } from './planFile'
import { InvalidPlanFileError } from './planFileFields'

const problem: RoutingProblem = {
  tokens: [
    { id: '2', price: 1, holding: 100, lower: 0.5, upper: 0.5 },
    { id: '1', price: 2, holding: 0, lower: 0.5, upper: 0.5 },
  ],
  pools: [{ id: 'P', kind: 'constantProduct', tokens: ['2', '1'], reserves: [1000, 500], fee: 0.003, gasCost: 0.01 }],
}
const solution = solveRouting(problem) as SolvedRouting
const made: ExactPlanSource = {
  chainId: 1,
  block: { number: 123n, hash: '0xabc', timestamp: 1_700_000_000 },
  router: '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45',
  tokens: [{ id: '2', decimals: 6, holding: 100_000_000n }],
  legs: [{ pool: 'P', tokenIn: '2', tokenOut: '1', amountIn: 49_000_000n, amountOut: 23n, minimumOut: 0n }],
}
const file = composePlanFile({ problem, solution, made })

/** The file as JSON with one field set to something else, or taken out. */
function changed(path: readonly (string | number)[], value?: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(file))
  const place = path.slice(0, -1).reduce((at, key) => at[key], copy)
  const last = path.at(-1) ?? ''
  if (value === undefined) delete place[last]
  else place[last] = value
  return copy
}

function fieldOf(json: unknown): string {
  try {
    toPlanFile(json)
  } catch (error) {
    if (error instanceof InvalidPlanFileError) return error.field
    throw error
  }
  return 'accepted'
}

describe('composePlanFile', () => {
  test('default', () => {
    expect(file).toMatchObject({ format: 'ballast-plan', version: 1, problem, plan: solution })
    expect(file.made).toEqual({
      chainId: 1,
      block: { number: 123, hash: '0xabc', timestamp: 1_700_000_000 },
      router: '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45',
      tokens: [{ id: '2', decimals: 6, holding: '100000000' }],
      legs: [{ pool: 'P', tokenIn: '2', tokenOut: '1', amountIn: '49000000', amountOut: '23', minimumOut: '0' }],
    })
    expect(file.checksum).toBe(measurePlanFileChecksum(file))
    expect(isPlanFile(file)).toBe(true)
  })

  test('behaviour: keys come in one order, whatever order the parts have', () => {
    const shuffle = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(shuffle)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, one]) => [key, shuffle(one)]),
            )
          : value
    const shuffled = composePlanFile({
      problem: shuffle(problem) as RoutingProblem,
      solution: shuffle(solution) as SolvedRouting,
      made,
    })
    expect(JSON.stringify(shuffled)).toBe(JSON.stringify(file))
  })

  test('property: what is written is read as it was', () => {
    fc.assert(
      fc.property(routingProblems, (drawn) => {
        const written = composePlanFile({ problem: drawn, solution: solveRouting(drawn) })
        expect(toPlanFile(JSON.parse(JSON.stringify(written)))).toEqual(written)
      }),
      { numRuns: dearRuns(50) },
    )
  })

  test.each<[string, Partial<SolvedRouting>]>([
    ['plan.value', { value: Number.NaN }],
    ['plan.bound', { bound: Number.POSITIVE_INFINITY }],
    ['plan.trades[0].amountOut', { trades: solution.trades.map((trade) => ({ ...trade, amountOut: Number.NaN })) }],
    ['plan.shadowPrices["1"]', { shadowPrices: { ...solution.shadowPrices, 1: Number.NEGATIVE_INFINITY } }],
  ])('error: InvalidPlanFileError for %s that is not finite', (field, wrong) => {
    expect(() => composePlanFile({ problem, solution: { ...solution, ...wrong } })).toThrowError(
      expect.objectContaining({ name: 'InvalidPlanFileError', field }),
    )
  })

  test('error: InvalidPlanFileError for amounts that are no base units', () => {
    const [leg] = made.legs
    const wrong = { ...made, legs: leg === undefined ? [] : [{ ...leg, amountIn: -1n }] }
    expect(() => composePlanFile({ problem, solution, made: wrong })).toThrowError(InvalidPlanFileError)
  })
})

describe('toPlanFile', () => {
  test('default', () => {
    expect(toPlanFile(JSON.parse(JSON.stringify(file)))).toEqual(file)
  })

  test('behaviour: what solve prints is joined with its problem', () => {
    const joined = joinPlanFile(problem, { ...solution, milliseconds: 3 })
    expect(joined).toEqual({ format: 'ballast-plan', version: 1, problem, plan: solution })
  })

  test.each<[string, readonly (string | number)[], unknown]>([
    ['format', ['format'], 'other'],
    ['version', ['version'], 2],
    ['problem', ['problem'], undefined],
    ['problem.tokens[0].price', ['problem', 'tokens', 0, 'price'], -1],
    ['problem.pools[0].tokens[1]', ['problem', 'pools', 0, 'tokens', 1], 'X'],
    ['plan', ['plan'], []],
    ['plan.status', ['plan', 'status'], 'good'],
    ['plan.bound', ['plan', 'bound'], null],
    ['plan.gapBps', ['plan', 'gapBps'], '0'],
    ['plan.trades[0].pool', ['plan', 'trades', 0, 'pool'], 3],
    ['plan.after[1].weight', ['plan', 'after', 1, 'weight'], undefined],
    ['plan.shadowPrices', ['plan', 'shadowPrices'], null],
    ['plan.shadowPrices["1"]', ['plan', 'shadowPrices', '1'], 'x'],
    ['made', ['made'], null],
    ['made.chainId', ['made', 'chainId'], 1.5],
    ['made.block.number', ['made', 'block', 'number'], -1],
    ['made.tokens[0].decimals', ['made', 'tokens', 0, 'decimals'], '6'],
    ['made.legs[0].amountIn', ['made', 'legs', 0, 'amountIn'], 49_000_000],
    ['made.legs[0].amountOut', ['made', 'legs', 0, 'amountOut'], '0x17'],
    ['made.legs[0].minimumOut', ['made', 'legs', 0, 'minimumOut'], String(2n ** 256n)],
    ['checksum', ['checksum'], 7],
  ])('error: InvalidPlanFileError names %s', (field, path, value) => {
    expect(fieldOf(changed(path, value))).toBe(field)
  })

  test('error: InvalidPlanFileError for a bound or a gap of a target out of reach', () => {
    const unreachable = composePlanFile({
      problem: { ...problem, pools: [] },
      solution: solveRouting({ ...problem, pools: [] }),
    })
    expect(unreachable.plan.status).toBe('unreachable')
    expect(fieldOf(JSON.parse(JSON.stringify(unreachable)))).toBe('accepted')
    for (const field of ['bound', 'gapBps']) {
      const json = JSON.parse(JSON.stringify(unreachable))
      json.plan[field] = 1
      expect(fieldOf(json)).toBe(`plan.${field}`)
    }
  })

  test('error: InvalidPlanFileError for what is no object', () => {
    for (const json of [null, 3, 'plan', [], undefined]) expect(fieldOf(json)).toBe('file')
  })

  test('property: any JSON is read or refused by name, never anything else', () => {
    const paths = fc.constantFrom<readonly string[]>(
      ...['problem', 'plan', 'made', 'format', 'version', 'checksum'].map((key) => [key]),
      ...Object.keys(solution).map((key) => ['plan', key]),
      ...Object.keys(file.made ?? {}).map((key) => ['made', key]),
    )
    fc.assert(
      fc.property(paths, fc.jsonValue(), (path, value) => {
        expect(fieldOf(changed(path, value))).toEqual(expect.any(String))
      }),
    )
  })
})

describe('measureChecksum', () => {
  test('default', () => {
    // The check value of CRC-32 in the catalogue is that of "123456789" as bytes; here two of them make one letter.
    expect(measureChecksum('\u3132\u3334\u3536\u3738')).toBe('9ae0daaf')
  })
})
