import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  DuplicateTargetError,
  maxTargets,
  sumOfWeights,
  TooManyTargetsError,
  toTargets,
  UnknownTargetError,
  WeightSumError,
} from './targets'
import { equalWeights, fillRemainder, normaliseWeights, redistributeWeights, weightsFromHoldings } from './targetsEdit'
import { parseWeightPercent, weightPercentText } from './targetsText'
import { InvalidBpsError, toBps } from './units'

const weight = (assetId: string, weightBps: number) => ({ assetId, weightBps: toBps(weightBps) })
const known = ['A', 'B', 'C', 'D']

/** Weights of one to six assets that need not sum to anything. */
const weightsArbitrary = fc
  .array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 6 })
  .map((list) => list.map((bps, position) => weight(`T${position}`, bps)))

describe('toTargets', () => {
  test('default', () => {
    expect(toTargets([weight('A', 6000), weight('B', 4000)], known).weights).toHaveLength(2)
  })

  test('error: WeightSumError', () => {
    expect(() => toTargets([weight('A', 6000), weight('B', 3999)], known)).toThrow(WeightSumError)
    expect(() => toTargets([weight('A', 6000), weight('B', 4001)], known)).toThrow(/100.01 %/)
    expect(() => toTargets([], known)).toThrow(WeightSumError)
    try {
      toTargets([weight('A', 9950)], known)
    } catch (error) {
      expect(error).toMatchObject({ name: 'WeightSumError', sumBps: 9950 })
    }
  })

  test('error: InvalidBpsError', () => {
    for (const weightBps of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 10_001]) {
      expect(() => toTargets([{ assetId: 'A', weightBps }], known)).toThrow(InvalidBpsError)
    }
  })

  test('error: DuplicateTargetError', () => {
    expect(() => toTargets([weight('A', 5000), weight('A', 5000)], known)).toThrow(DuplicateTargetError)
  })

  test('error: UnknownTargetError', () => {
    expect(() => toTargets([weight('SCAM', 10_000)], known)).toThrow(UnknownTargetError)
  })

  test('error: TooManyTargetsError', () => {
    const many = equalWeights(Array.from({ length: maxTargets + 1 }, (_, position) => `T${position}`))
    expect(() =>
      toTargets(
        many,
        many.map(({ assetId }) => assetId),
      ),
    ).toThrow(TooManyTargetsError)
  })
})

describe('parseWeightPercent', () => {
  test('default', () => {
    expect(parseWeightPercent('12.5')).toEqual({ status: 'parsed', weightBps: 1250 })
    expect(parseWeightPercent('0')).toEqual({ status: 'parsed', weightBps: 0 })
    expect(parseWeightPercent('100')).toEqual({ status: 'parsed', weightBps: 10_000 })
    expect(parseWeightPercent('33.33')).toEqual({ status: 'parsed', weightBps: 3333 })
    expect(parseWeightPercent('0.07')).toEqual({ status: 'parsed', weightBps: 7 })
  })

  test.each([
    ['', 'empty'],
    ['-5', 'negative'],
    ['−5', 'negative'],
    ['NaN', 'notANumber'],
    ['Infinity', 'notANumber'],
    ['1e2', 'notANumber'],
    ['+5', 'notANumber'],
    [' 5', 'notANumber'],
    ['5 ', 'notANumber'],
    ['5%', 'notANumber'],
    ['12,5', 'notANumber'],
    ['.5', 'notANumber'],
    ['5.', 'notANumber'],
    ['1.2.3', 'notANumber'],
    ['0x10', 'notANumber'],
    ['٥٠', 'notANumber'],
    ['５０', 'notANumber'],
    ['12.345', 'tooManyDecimals'],
    ['12.500', 'tooManyDecimals'],
    ['100.01', 'aboveWhole'],
    ['101', 'aboveWhole'],
    ['1'.repeat(400), 'aboveWhole'],
  ])('behaviour: %j is refused as %s', (text, reason) => {
    expect(parseWeightPercent(text)).toMatchObject({ status: 'refused', reason })
  })

  test('property: what is shown is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (bps) => {
        expect(parseWeightPercent(weightPercentText(toBps(bps)))).toEqual({ status: 'parsed', weightBps: bps })
      }),
    )
  })

  test('property: any text ends in a weight or a reason', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseWeightPercent(text)
        if (parsed.status === 'parsed') expect(Number.isInteger(parsed.weightBps)).toBe(true)
        else expect(parsed.message).not.toBe('')
      }),
    )
  })
})

describe('editing weights', () => {
  test('default: normalise, equal, from holdings', () => {
    expect(normaliseWeights([weight('A', 100), weight('B', 300)])).toEqual([weight('A', 2500), weight('B', 7500)])
    expect(equalWeights(['A', 'B', 'C'])).toEqual([weight('A', 3334), weight('B', 3333), weight('C', 3333)])
    expect(weightsFromHoldings([weight('A', 0), weight('B', 7000), weight('C', 3000)])).toEqual([
      weight('B', 7000),
      weight('C', 3000),
    ])
    expect(equalWeights([])).toEqual([])
  })

  test('behaviour: fill the remainder, or say by how much the others are too many', () => {
    expect(fillRemainder([weight('A', 6000), weight('B', 0)], 'B')).toEqual({
      status: 'filled',
      weights: [weight('A', 6000), weight('B', 4000)],
    })
    expect(fillRemainder([weight('A', 6000), weight('B', 5000), weight('C', 0)], 'C')).toEqual({
      status: 'overfull',
      excessBps: 1000,
    })
  })

  test('behaviour: the others follow in proportion, locked ones stay', () => {
    const weights = [weight('A', 2000), weight('B', 3000), weight('C', 1000), weight('D', 4000)]
    const moved = redistributeWeights({ weights, movedAssetId: 'A', weightBps: toBps(4000), lockedAssetIds: ['D'] })
    expect(moved).toEqual([weight('A', 4000), weight('B', 1500), weight('C', 500), weight('D', 4000)])
  })

  test('behaviour: the moved weight stops where the locked ones leave no room', () => {
    const weights = [weight('A', 2000), weight('B', 3000), weight('C', 5000)]
    const moved = redistributeWeights({ weights, movedAssetId: 'A', weightBps: toBps(9000), lockedAssetIds: ['C'] })
    expect(moved).toEqual([weight('A', 5000), weight('B', 0), weight('C', 5000)])
    const alone = redistributeWeights({ weights, movedAssetId: 'A', weightBps: toBps(0), lockedAssetIds: ['B', 'C'] })
    expect(alone).toEqual(weights)
  })

  test('property: normalised weights sum to exactly 10 000', () => {
    fc.assert(
      fc.property(weightsArbitrary, (weights) => {
        expect(sumOfWeights(normaliseWeights(weights))).toBe(10_000)
      }),
    )
  })

  test('property: moving a weight keeps the sum exact and the locked weights as they are', () => {
    fc.assert(
      fc.property(
        weightsArbitrary,
        fc.nat(),
        fc.integer({ min: 0, max: 10_000 }),
        fc.array(fc.nat(5)),
        (drawn, which, bps, locks) => {
          const weights = normaliseWeights(drawn)
          const movedAssetId = weights[which % weights.length]?.assetId ?? ''
          const lockedAssetIds = locks.map((lock) => `T${lock}`)
          const moved = redistributeWeights({ weights, movedAssetId, weightBps: toBps(bps), lockedAssetIds })
          expect(sumOfWeights(moved)).toBe(10_000)
          for (const [position, entry] of weights.entries()) {
            if (entry.assetId === movedAssetId || !lockedAssetIds.includes(entry.assetId)) continue
            expect(moved[position]).toEqual(entry)
          }
        },
      ),
    )
  })
})
