import { describe, expect, test } from 'vitest'
import { nativeAddress } from '../asset'
import { toUsd, usdUnit } from '../units'
import { bundleGas, countCalls, flowLegGas, gasToUsd, gasUnits, hopGas, leastPoolGas } from './gasModel'

const [a, b] = ['0x000000000000000000000000000000000000000a', '0x000000000000000000000000000000000000000b'] as const
const v3 = { kind: 'concentrated', tokenIn: a, tokenOut: b, ticksCrossed: 0 } as const
const v4 = { ...v3, kind: 'singleton' } as const
const approvals = (erc20: number, firstGrants = 0, laterGrants = 0) => ({ erc20, firstGrants, laterGrants })
const none = { router: 'swapRouter02', unwraps: false, paysNative: false } as const

describe('bundleGas', () => {
  const leg = { gas: gasUnits.leg + hopGas(v3) }
  const fourSwaps = { ...none, approvals: approvals(4), legs: [leg, leg, leg, leg] }

  test('default: within 5 % of what four swaps were measured to cost', () => {
    expect(Math.abs(Number(bundleGas({ rung: 'approveThenSwap', ...fourSwaps })) / 545_533 - 1)).toBeLessThan(0.05)
    expect(Math.abs(Number(bundleGas({ rung: 'atomicBatch', ...fourSwaps })) / 397_373 - 1)).toBeLessThan(0.05)
  })

  test('behaviour: crossed ticks, unwrapping and a refund add to it', () => {
    const plain = bundleGas({ rung: 'atomicBatch', ...fourSwaps })
    expect(bundleGas({ rung: 'atomicBatch', ...fourSwaps, unwraps: true, paysNative: true })).toBe(
      plain + gasUnits.unwrap + gasUnits.refund,
    )
    expect(hopGas({ ...v3, ticksCrossed: 3 })).toBe(hopGas(v3) + 3n * gasUnits.crossedTick)
    expect(hopGas({ ...v3, kind: 'constantProduct', ticksCrossed: 3 })).toBe(gasUnits.constantProductHop)
  })

  // Differences between bundles on the local chain, where both ran in the same state.
  const through = (
    router: 'swapRouter02' | 'universalRouter',
    legs: readonly { gas: bigint }[],
    first = 0,
    later = 0,
  ) =>
    Number(
      router === 'swapRouter02'
        ? bundleGas({ ...none, rung: 'atomicBatch', approvals: approvals(1), legs })
        : bundleGas({
            ...{ router, rung: 'atomicBatch', approvals: approvals(1, first, later), legs },
            ...{ pulls: 0, wraps: 0, unwraps: 0, sweeps: 0 },
          }),
    )
  const pulling = { gas: flowLegGas(v3, 'token') }

  test('behaviour: one sold token costs 28,200 more through the Universal Router the first time, 11,000 later', () => {
    const plain = through('swapRouter02', [leg])
    expect(Math.abs(through('universalRouter', [pulling], 1) - plain - 28_200)).toBeLessThan(1_000)
    expect(Math.abs(through('universalRouter', [pulling], 0, 1) - plain - 11_000)).toBeLessThan(1_000)
  })

  test('behaviour: what the Universal Router does beside its legs adds to it', () => {
    const work = { rung: 'atomicBatch', router: 'universalRouter', approvals: approvals(0), legs: [] } as const
    const nothing = { pulls: 0, wraps: 0, unwraps: 0, sweeps: 0 }
    const more = bundleGas({ ...work, pulls: 1, wraps: 1, unwraps: 1, sweeps: 2 }) - bundleGas({ ...work, ...nothing })
    expect(more).toBe(gasUnits.pull + gasUnits.wrap + gasUnits.unwrapInRouter + 2n * gasUnits.sweep)
  })
})

describe('hopGas', () => {
  test('default: v4 costs less where the native coin is traded', () => {
    const into = hopGas({ ...v4, tokenIn: nativeAddress })
    const out = hopGas({ ...v4, tokenOut: nativeAddress })
    expect(out).toBeLessThan(into)
    expect(into).toBeLessThan(hopGas(v4))
  })

  test('behaviour: what the optimiser counts for a pool is never more than a call costs', () => {
    for (const kind of ['constantProduct', 'concentrated', 'singleton'] as const) {
      for (const token0 of [a, nativeAddress]) {
        const least = leastPoolGas({ kind, token0, token1: b })
        for (const [tokenIn, tokenOut] of [[token0, b] as const, [b, token0] as const]) {
          expect(least).toBeLessThanOrEqual(flowLegGas({ kind, tokenIn, tokenOut, ticksCrossed: 0 }, 'router'))
        }
        expect(leastPoolGas({ kind, token0: b, token1: token0 })).toBe(least)
      }
    }
  })
})

describe('countCalls', () => {
  test('default', () => {
    expect(countCalls(approvals(2, 1, 3))).toBe(6)
  })
})

describe('gasToUsd', () => {
  test('default: rounds up', () => {
    expect(gasToUsd(100_000n, 10n ** 10n, toUsd(3000n * usdUnit))).toBe(3n * usdUnit)
    expect(gasToUsd(1n, 1n, toUsd(1n))).toBe(1n)
    expect(gasToUsd(0n, 10n ** 10n, toUsd(3000n * usdUnit))).toBe(0n)
  })
})
