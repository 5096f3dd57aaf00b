import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidPriceSeriesError, measureReturns, type PriceSeries } from './returns'

const series = (id: string, prices: readonly [number, number][]): PriceSeries => ({
  id,
  prices: prices.map(([day, price]) => ({ day, price })),
})

describe('measureReturns', () => {
  test('default', () => {
    const a = series('A', [
      [9, 1],
      [10, 2],
      [11, 4],
      [12, 2],
    ])
    const b = series('B', [
      [10, 5],
      [11, 5],
      [12, 50],
      [13, 1],
    ])
    expect(measureReturns([a, b])).toEqual({
      days: [11, 12],
      assets: [
        { id: 'A', returns: [Math.log(2), Math.log(0.5)] },
        { id: 'B', returns: [0, Math.log(10)] },
      ],
      gaps: [],
    })
  })

  test('behaviour: a gap is named, and no return is measured over it', () => {
    const a = series(
      'A',
      [0, 1, 2, 3, 4, 5, 6].map((day) => [day, 1 + day]),
    )
    const b = series(
      'B',
      [0, 1, 4, 6].map((day) => [day, 1 + day]),
    )
    const { days, gaps } = measureReturns([a, b])
    expect(days).toEqual([1])
    expect(gaps).toEqual([
      { id: 'B', fromDay: 2, toDay: 3 },
      { id: 'B', fromDay: 5, toDay: 5 },
    ])
  })

  test('behaviour: a gap at the end of the common span is named too', () => {
    const a = series(
      'A',
      [0, 1, 2, 3].map((day) => [day, 1]),
    )
    const b = series(
      'B',
      [-1, 1, 2, 5].map((day) => [day, 1]),
    )
    expect(measureReturns([a, b]).gaps).toEqual([
      { id: 'B', fromDay: 0, toDay: 0 },
      { id: 'B', fromDay: 3, toDay: 3 },
    ])
  })

  test('behaviour: series that share no days have no returns', () => {
    const apart = [series('A', [[1, 1]]), series('B', [[2, 1]]), series('C', [])]
    expect(measureReturns(apart)).toEqual({
      days: [],
      assets: ['A', 'B', 'C'].map((id) => ({ id, returns: [] })),
      gaps: [],
    })
    expect(measureReturns([])).toEqual({ days: [], assets: [], gaps: [] })
  })

  test('property: every day of the common span has a return or lies on the edge of a gap', () => {
    const days = fc
      .uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1 })
      .map((all) => all.sort((a, b) => a - b))
    fc.assert(
      fc.property(fc.array(days, { minLength: 1, maxLength: 3 }), (many) => {
        const history = measureReturns(
          many.map((own, i) =>
            series(
              `${i}`,
              own.map((day) => [day, 1 + day]),
            ),
          ),
        )
        const first = Math.max(...many.map((own) => own[0] ?? 0))
        const last = Math.min(...many.map((own) => own.at(-1) ?? 0))
        const isMissing = (day: number) => history.gaps.some(({ fromDay, toDay }) => fromDay <= day && day <= toDay)
        for (let day = first + 1; day <= last; day++)
          expect(history.days.includes(day)).toBe(!isMissing(day) && !isMissing(day - 1))
        for (const { returns } of history.assets) expect(returns).toHaveLength(history.days.length)
      }),
    )
  })

  test.each<[string, [number, number][]]>([
    [
      'days that fall',
      [
        [2, 1],
        [1, 1],
      ],
    ],
    [
      'a day twice',
      [
        [1, 1],
        [1, 1],
      ],
    ],
    ['half a day', [[0.5, 1]]],
    ['a price of zero', [[1, 0]]],
    ['a price that is NaN', [[1, Number.NaN]]],
  ])('error: InvalidPriceSeriesError for %s', (_, prices) => {
    expect(() => measureReturns([series('A', prices)])).toThrow(InvalidPriceSeriesError)
  })
})
