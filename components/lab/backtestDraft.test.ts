import { describe, expect, test } from 'vitest'
import type { StepPrices } from '@/lib/core/backtest/alignHistory'
import { daySeconds } from '@/lib/core/backtest/priceMatrix'
import { walkLab } from '@/lib/core/backtest/runLab'
import { type BacktestDraft, parseBacktest, startBacktestDraft } from './backtestDraft'
import { describeAgainstHeld, describeStep, selectPlaces, toCurves, toResultRows } from './backtestView'
import type { LabInput } from './labDraft'

const input: LabInput = {
  targets: [
    { id: 'ETH', weightBps: 5000 },
    { id: 'LINK', weightBps: 3000 },
    { id: 'DAI', weightBps: 2000 },
  ],
  totalUsd: 10_000,
  riskAversion: 3,
  feeBps: 30,
  gasUsd: 2,
}

const days = 400
const series = (asset: string, startDay: number, rhythm: number): StepPrices => ({
  asset,
  startSeconds: startDay * daySeconds,
  prices: Array.from({ length: days - startDay }, (_, at) => 100 * (1 + 0.4 * Math.sin((startDay + at) / rhythm))),
})

const prices = { series: [series('ETH', 0, 20), series('LINK', 100, 33)], name: 'Some prices' }
const isStable = (id: string) => id === 'DAI'
const start = startBacktestDraft(500)
const context = { input, prices, isStable }

function parse(change: Partial<BacktestDraft> = {}) {
  const parsed = parseBacktest({ ...start, ...change }, context)
  if (parsed.status !== 'ready') throw new Error(JSON.stringify(parsed))
  return parsed
}

function run({ request, facts }: ReturnType<typeof parse>) {
  const walk = walkLab(request)
  for (;;) {
    const step = walk.next()
    if (step.done === true) return { result: step.value, facts }
  }
}

describe('parseBacktest', () => {
  test('default', () => {
    const { request, facts } = parse()
    expect(facts.names).toEqual(['Hold', 'Every 30 days', 'Band 5.00 pp', 'Band from costs'])
    expect(facts.market).toContain('Some prices, 11 Apr 1970 to ')
    expect(facts.remarks.join(' ')).toContain('no prices of DAI: counted as $1')
    expect(facts.remarks.join(' ')).toContain('prices of LINK begin last')
    if (request.market.kind !== 'history') throw new Error(request.market.kind)
    const { assets, steps, prices: matrix } = request.market.matrix
    expect({ assets, steps }).toEqual({ assets: ['ETH', 'LINK', 'DAI'], steps: 300 })
    expect(matrix[0]).toBe(prices.series[0]?.prices[100])
    expect(matrix[1]).toBe(prices.series[1]?.prices[0])
    expect(matrix[2]).toBe(1)
    expect(request.targets).toEqual([0.5, 0.3, 0.2])
  })

  test('behaviour: what has no prices is left out and said, the others are scaled', () => {
    const parsed = parseBacktest(start, { ...context, isStable: () => false })
    if (parsed.status !== 'ready') throw new Error(parsed.status)
    expect(parsed.request.targets).toEqual([0.625, 0.375])
    expect(parsed.facts.remarks[0]).toBe('There are no prices of DAI: left out, and the others scaled to 100 %.')
  })

  test('behaviour: drawn prices know their seed, and the same seed gives the same figures', () => {
    const parsed = parse({ source: 'simulated', markets: '3', years: '1', seed: '7' })
    expect(parsed.facts.market).toBe('3 markets of 1 years by the day, drawn with seed 7')
    const [one, two] = [run(parsed).result, run(parsed).result]
    expect(one.rules.map(({ summaries }) => summaries)).toEqual(two.rules.map(({ summaries }) => summaries))
  })

  test('behaviour: fields that cannot be are named, those that do not count are not looked at', () => {
    const parsed = parseBacktest({ ...start, calendarDays: '0', seed: 'x' }, context)
    expect(parsed).toEqual({ status: 'refused', refusals: { calendarDays: 'Enter at least 1.' } })
  })

  test.each<[Partial<BacktestDraft>, string]>([
    [{ rules: { hold: false, calendar: false, threshold: false, costAware: false } }, 'Choose at least one rule.'],
    [{ source: 'simulated', step: 'hour', years: '20', markets: '500' }, 'million prices'],
  ])('behaviour: %o is refused', (change, problem) => {
    const parsed = parseBacktest({ ...start, ...change }, context)
    expect(parsed.status === 'refused' && parsed.problem).toContain(problem)
  })

  test('behaviour: prices that are missing are said', () => {
    const none = parseBacktest(start, { ...context, prices: { ...prices, series: [] } })
    expect(none.status === 'refused' && none.problem).toContain('There are no prices of ETH and LINK')
    const unread = parseBacktest(start, { ...context, prices: undefined })
    expect(unread.status === 'refused' && unread.problem).toContain('not there')
  })
})

describe('what is shown of a back-test', () => {
  const { result, facts } = run(parse())

  test('default', () => {
    const rows = toResultRows(result)
    const of = (name: string) => rows.find((row) => row.name === name)?.cells
    expect(of('Cost')?.[0]).toBe('$0.00')
    expect(of('Rebalances')?.[1]).toBe('9')
    expect(rows.every(({ cells }) => cells.length === facts.names.length)).toBe(true)
    expect(rows.flatMap(({ cells }) => cells).filter((text) => text === '–')).toEqual([])
  })

  test('behaviour: rebalanced against held is one sentence that says above and below as they are', () => {
    const sentence = describeAgainstHeld(result, facts) ?? ''
    const held = result.rules[0]?.summaries[0]?.finalUsd ?? Number.NaN
    for (const [at, name] of facts.names.entries()) {
      if (at === 0) continue
      const side = (result.rules[at]?.summaries[0]?.finalUsd ?? Number.NaN) >= held ? 'above' : 'below'
      expect(sentence).toMatch(new RegExp(`“${name}” ended [^“]* ${side} holding`))
    }
    expect(sentence).toContain('strayed from the targets by')
  })

  test('behaviour: without holding there is nothing to compare with', () => {
    const alone = run(parse({ rules: { ...start.rules, hold: false } }))
    expect(describeAgainstHeld(alone.result, alone.facts)).toBeUndefined()
  })

  test('behaviour: over several markets it is counted how often', () => {
    const many = run(parse({ source: 'simulated', markets: '4', years: '1' }))
    const [counted = '', above = '', not = ''] =
      /“Every 30 days” above holding in (\d+) and not in (\d+)/.exec(
        describeAgainstHeld(many.result, many.facts) ?? '',
      ) ?? []
    expect(counted).not.toBe('')
    expect(Number(above) + Number(not)).toBe(4)
  })

  test('behaviour: curves begin and end where the prices do', () => {
    const curves = toCurves(result, facts, 'equityUsd')
    expect(curves?.names).toEqual([...facts.names, 'Targets, no cost'])
    expect(curves?.rows[0]?.values).toEqual([10_000, 10_000, 10_000, 10_000, 10_000])
    expect(curves?.rows.at(-1)?.values[0]).toBeCloseTo(result.rules[0]?.summaries[0]?.finalUsd ?? Number.NaN, 6)
    const places = selectPlaces(curves?.rows ?? [], 5)
    expect(places).toHaveLength(5)
    expect([places[0]?.x, places.at(-1)?.x]).toEqual([0, 299])
    expect(describeStep(0, facts)).toBe('11 Apr 1970')
  })
})
