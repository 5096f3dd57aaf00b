import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countParts, type Sale, selectSales } from './selectSales'

const sale = (assetId: string, soldUsd: bigint, calls: number): Sale => ({ assetId, soldUsd, calls })

const sales = fc
  .array(fc.record({ soldUsd: fc.bigInt({ min: 1n, max: 1000n }), calls: fc.integer({ min: 0, max: 3 }) }), {
    maxLength: 9,
  })
  .map((rows) => rows.map(({ soldUsd, calls }, at) => sale(`A${at}`, soldUsd, calls)))
const budgets = fc.integer({ min: 0, max: 12 })

const total = (all: readonly Sale[], ids: readonly string[]) =>
  all.filter(({ assetId }) => ids.includes(assetId)).reduce((sum, { soldUsd }) => sum + soldUsd, 0n)
const callsOf = (all: readonly Sale[], ids: readonly string[]) =>
  all.filter(({ assetId }) => ids.includes(assetId)).reduce((sum, { calls }) => sum + calls, 0)

describe('selectSales', () => {
  test('default: the largest that fit together, not the largest one', () => {
    expect(selectSales([sale('A', 10n, 3), sale('B', 6n, 1), sale('C', 6n, 2)], 3)).toEqual(['B', 'C'])
  })

  test('behaviour: sales that need no call always fit', () => {
    expect(selectSales([sale('A', 1n, 0), sale('B', 9n, 1)], 0)).toEqual(['A'])
  })

  test('behaviour: of choices that remove as much the one with fewer calls, then the first ids', () => {
    expect(selectSales([sale('A', 5n, 2), sale('B', 5n, 1)], 2)).toEqual(['B'])
    expect(selectSales([sale('B', 5n, 1), sale('A', 5n, 1)], 1)).toEqual(['A'])
  })

  test('property: no other choice that fits removes more', () => {
    fc.assert(
      fc.property(sales, budgets, (all, budget) => {
        const kept = selectSales(all, budget)
        expect(callsOf(all, kept)).toBeLessThanOrEqual(budget)
        for (let mask = 0; mask < 2 ** all.length; mask += 1) {
          const ids = all.filter((_, at) => (mask >> at) & 1).map(({ assetId }) => assetId)
          if (callsOf(all, ids) <= budget) expect(total(all, ids)).toBeLessThanOrEqual(total(all, kept))
        }
      }),
    )
  })

  test('property: A-19 the order of the sales does not matter', () => {
    fc.assert(
      fc.property(sales, budgets, (all, budget) => {
        expect(selectSales([...all].reverse(), budget)).toEqual(selectSales(all, budget))
      }),
    )
  })
})

describe('countParts', () => {
  test('default: as many bundles as it takes', () => {
    const all = [sale('A', 10n, 1), sale('B', 6n, 1), sale('C', 5n, 1)]
    expect(countParts([all], 1)).toBe(3)
    expect(countParts([all], 2)).toBe(2)
    expect(countParts([all], 3)).toBe(1)
  })

  test('behaviour: each bundle through the router that gets further', () => {
    const dear = [sale('A', 10n, 2), sale('B', 6n, 2)]
    const cheap = [sale('A', 10n, 1), sale('B', 6n, 1)]
    expect(countParts([dear], 2)).toBe(2)
    expect(countParts([dear, cheap], 2)).toBe(1)
  })

  test('behaviour: what fits into no bundle is not counted', () => {
    expect(countParts([[sale('A', 10n, 3), sale('B', 6n, 1)]], 1)).toBe(1)
    expect(countParts([], 1)).toBe(0)
  })
})
