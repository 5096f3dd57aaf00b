import { describe, expect, test } from 'vitest'
import { toUsd, usdUnit } from '../units'
import { bundleGas, gasToUsd, gasUnits, hopGas } from './gasModel'

const leg = { gas: gasUnits.leg + hopGas('concentrated', 0) }
const fourSwaps = { approvalCount: 4, legs: [leg, leg, leg, leg], unwraps: false, paysNative: false }

describe('bundleGas', () => {
  test('default: within 5 % of what four swaps were measured to cost', () => {
    expect(Math.abs(Number(bundleGas({ rung: 'approveThenSwap', ...fourSwaps })) / 545_533 - 1)).toBeLessThan(0.05)
    expect(Math.abs(Number(bundleGas({ rung: 'atomicBatch', ...fourSwaps })) / 397_373 - 1)).toBeLessThan(0.05)
  })

  test('behaviour: crossed ticks, unwrapping and a refund add to it', () => {
    const plain = bundleGas({ rung: 'atomicBatch', ...fourSwaps })
    expect(bundleGas({ rung: 'atomicBatch', ...fourSwaps, unwraps: true, paysNative: true })).toBe(
      plain + gasUnits.unwrap + gasUnits.refund,
    )
    expect(hopGas('concentrated', 3)).toBe(hopGas('concentrated', 0) + 3n * gasUnits.crossedTick)
    expect(hopGas('constantProduct', 3)).toBe(gasUnits.constantProductHop)
  })
})

describe('gasToUsd', () => {
  test('default: rounds up', () => {
    expect(gasToUsd(100_000n, 10n ** 10n, toUsd(3000n * usdUnit))).toBe(3n * usdUnit)
    expect(gasToUsd(1n, 1n, toUsd(1n))).toBe(1n)
    expect(gasToUsd(0n, 10n ** 10n, toUsd(3000n * usdUnit))).toBe(0n)
  })
})
