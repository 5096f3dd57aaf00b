import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { partlyReadArbitrary, receiptRequestArbitrary } from '@/lib/testing/arbitraries/receipts'
import { buildReceipt, exampleOutcome, exampleReceiptRequest } from '@/lib/testing/builders/receipt'
import type { AssetId } from '../asset'
import { usdValue } from '../portfolio/portfolio'
import { usdUnit } from '../units'
import { composeReceipt, type ReadOutcome, type ReceiptRequest, UnlistedReceiptAssetError } from './composeReceipt'

describe('composeReceipt', () => {
  test('default', () => {
    const receipt = composeReceipt(exampleReceiptRequest)
    expect(receipt).toMatchObject({
      router: 'swapRouter02',
      rung: 'atomicBatch',
      latencyBlocks: 3n,
      included: { blockNumber: 103n, timestamp: 1_750_000_036 },
      beforeUsd: 5_000n * usdUnit,
      afterUsd: 4_995n * usdUnit,
      gas: { units: 200_000n, paid: 10n ** 15n },
    })
    expect(receipt.cost).toEqual({
      feeUsd: 3n * usdUnit,
      impactUsd: 2n * usdUnit,
      gasUsd: 2n * usdUnit,
      totalUsd: 7n * usdUnit,
      // $7 of $5,000 are 14 basis points.
      totalCentiBps: 1_400,
    })
    expect(receipt.positions.map(({ assetId, beforeBps, afterBps }) => [assetId, beforeBps, afterBps])).toEqual([
      ['ETH', 4_000, 5_000],
      ['USDC', 6_000, 4_004],
      ['LINK', 0, 996],
    ])
  })

  test('behaviour: each leg says what was quoted, promised, received, and what the feeds call its input', () => {
    expect(buildReceipt().legs).toEqual([
      {
        sell: 'USDC',
        buy: 'LINK',
        amountIn: 500_000_000n,
        quoted: 49_800_000_000_000_000_000n,
        minimum: 49_500_000_000_000_000_000n,
        received: 49_750_000_000_000_000_000n,
        oracleMid: 50_000_000_000_000_000_000n,
        gasUnits: 133_333n,
      },
      {
        sell: 'USDC',
        buy: 'ETH',
        amountIn: 500_000_000n,
        quoted: 249_000_000_000_000_000n,
        received: 248_750_000_000_000_000n,
        oracleMid: 250_000_000_000_000_000n,
        gasUnits: 66_667n,
      },
    ])
  })

  test('behaviour: a leg whose log was not found is unknown, and nothing is made up from it', () => {
    const unread = exampleOutcome.legs.map((leg) => ({ ...leg, receivedOut: undefined }))
    const outcome: ReadOutcome = { ...exampleOutcome, legs: unread.slice(0, 1) }
    const { legs, cost } = composeReceipt({ ...exampleReceiptRequest, outcome })
    expect(legs.map(({ received }) => received)).toEqual(['unknown', 'unknown'])
    expect(cost.totalUsd).toBe(7n * usdUnit)
  })

  test('behaviour: legs that are not those of the plan are unknown', () => {
    const outcome = { ...exampleOutcome, legs: [...exampleOutcome.legs].reverse() }
    expect(composeReceipt({ ...exampleReceiptRequest, outcome }).legs.map(({ received }) => received)).toEqual([
      'unknown',
      'unknown',
    ])
  })

  test('behaviour: what arrived is not known, so neither are the value after, the weights and the cost', () => {
    const outcome = { ...exampleOutcome, bought: exampleOutcome.bought.slice(0, 1) }
    const { purchases, positions, afterUsd, beforeUsd, cost } = composeReceipt({ ...exampleReceiptRequest, outcome })
    expect(purchases.map(({ received }) => received)).toEqual([49_750_000_000_000_000_000n, 'unknown'])
    expect(positions.map(({ afterBps }) => afterBps)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(positions.map(({ afterAmount }) => afterAmount)).toEqual([
      'unknown',
      2_000_000_000n,
      49_750_000_000_000_000_000n,
    ])
    expect(afterUsd).toBe('unknown')
    expect(beforeUsd).toBe(5_000n * usdUnit)
    expect(cost).toEqual({
      feeUsd: 3n * usdUnit,
      impactUsd: 'unknown',
      gasUsd: 2n * usdUnit,
      totalUsd: 'unknown',
      totalCentiBps: 'unknown',
    })
  })

  test('behaviour: without a price of the native coin the gas has no worth, and the cost none', () => {
    const prices = exampleReceiptRequest.prices.filter(({ assetId }) => assetId !== 'ETH')
    const { cost, legs } = composeReceipt({ ...exampleReceiptRequest, prices })
    expect(cost).toMatchObject({ gasUsd: 'unknown', totalUsd: 'unknown', totalCentiBps: 'unknown' })
    expect(legs.map(({ oracleMid }) => oracleMid)).toEqual([50_000_000_000_000_000_000n, 'unknown'])
  })

  test('behaviour: what is not traded keeps the value that the plan gave it', () => {
    const { plan, assets } = exampleReceiptRequest
    const [first] = plan.positions
    if (first === undefined) throw new Error('a position')
    const still = { ...first, assetId: 'OLD', nowAmount: 7n, nowUsd: first.nowUsd }
    const [asset] = assets
    if (asset === undefined) throw new Error('an asset')
    const { positions, cost } = composeReceipt({
      ...exampleReceiptRequest,
      plan: { ...plan, positions: [...plan.positions, still] },
      assets: [...assets, { ...asset, id: 'OLD' }],
    })
    expect(positions.at(-1)).toMatchObject({ beforeUsd: 2_000n * usdUnit, afterUsd: 2_000n * usdUnit })
    expect(cost.totalUsd).toBe(7n * usdUnit)
  })

  test('behaviour: pools that pay better than the feeds make a cost below zero', () => {
    const bought = exampleOutcome.bought.map((one) => ({ ...one, received: one.received * 2n }))
    const { cost } = composeReceipt({ ...exampleReceiptRequest, outcome: { ...exampleOutcome, bought } })
    expect(cost.totalUsd).toBe(-988n * usdUnit)
    expect(cost.totalCentiBps).toBe(-197_600)
  })

  test('behaviour: the plan has no position of what it buys, so the value after is unknown', () => {
    const { plan } = exampleReceiptRequest
    const positions = plan.positions.filter(({ assetId }) => assetId !== 'LINK')
    expect(composeReceipt({ ...exampleReceiptRequest, plan: { ...plan, positions } }).afterUsd).toBe('unknown')
  })

  test('behaviour: an unread block time and legs without an estimate of gas', () => {
    const { plan } = exampleReceiptRequest
    const [first, second] = plan.legs
    if (second === undefined) throw new Error('two legs')
    const legs = [
      { ...first, gas: 0n },
      { ...second, gas: 0n },
    ] as const
    const receipt = composeReceipt({ ...exampleReceiptRequest, plan: { ...plan, legs }, includedAt: undefined })
    expect(receipt.included.timestamp).toBe('unknown')
    expect(receipt.legs.map(({ gasUnits }) => gasUnits)).toEqual([100_000n, 100_000n])
  })

  test('error: UnlistedReceiptAssetError', () => {
    expect(() => composeReceipt({ ...exampleReceiptRequest, assets: [] })).toThrow(UnlistedReceiptAssetError)
  })
})

/** What an amount is worth by the request's own lists, beside the code under test. */
function worthIn({ prices, assets }: ReceiptRequest, assetId: AssetId, amount: bigint): bigint {
  const price = prices.find((each) => each.assetId === assetId)
  const asset = assets.find(({ id }) => id === assetId)
  if (price === undefined || asset === undefined) throw new Error(`${assetId} has no price`)
  return usdValue(amount, asset.decimals, price.usd)
}

function sum(values: readonly (bigint | 'unknown')[]): bigint {
  return values.reduce<bigint>((total, value) => total + BigInt(value), 0n)
}

const abs = (value: bigint) => (value < 0n ? -value : value)

describe('composeReceipt of any execution', () => {
  test('property: the cost is value before less value after plus gas, and the sum of its parts', () => {
    fc.assert(
      fc.property(receiptRequestArbitrary, (request) => {
        const { cost, beforeUsd, afterUsd } = composeReceipt(request)
        if (typeof afterUsd !== 'bigint' || typeof cost.gasUsd !== 'bigint' || typeof cost.impactUsd !== 'bigint') {
          throw new Error('everything is known here')
        }
        expect(cost.totalUsd).toBe(beforeUsd - afterUsd + cost.gasUsd)
        expect(cost.totalUsd).toBe(cost.feeUsd + cost.impactUsd + cost.gasUsd)
        const gasDown = worthIn(request, 'ETH', request.outcome.gasPaid)
        expect([gasDown, gasDown + 1n]).toContain(cost.gasUsd)
      }),
    )
  })

  test('property: what the trade lost is what was sold less what arrived, at the same prices', () => {
    fc.assert(
      fc.property(receiptRequestArbitrary, (request) => {
        const { spendings, purchases, beforeUsd, afterUsd } = composeReceipt(request)
        const sold = sum(spendings.map(({ assetId, amount }) => worthIn(request, assetId, amount)))
        const arrived = sum(
          purchases.map(({ assetId, received }) => worthIn(request, assetId, received === 'unknown' ? -1n : received)),
        )
        // Every traded asset is rounded down once before and once after.
        const roundings = BigInt(2 * (spendings.length + purchases.length))
        expect(abs(sum([beforeUsd]) - sum([afterUsd]) - (sold - arrived))).toBeLessThanOrEqual(roundings)
      }),
    )
  })

  test('property: weights sum to the whole, shares of gas to the gas, and values to the totals', () => {
    fc.assert(
      fc.property(receiptRequestArbitrary, (request) => {
        const { positions, legs, gas, beforeUsd, afterUsd } = composeReceipt(request)
        expect(positions.reduce((total, { beforeBps }) => total + beforeBps, 0)).toBe(10_000)
        expect(positions.reduce((total, { afterBps }) => total + Number(afterBps), 0)).toBe(10_000)
        expect(sum(legs.map(({ gasUnits }) => gasUnits))).toBe(gas.units)
        expect(sum(positions.map((position) => position.beforeUsd))).toBe(beforeUsd)
        expect(sum(positions.map((position) => position.afterUsd))).toBe(afterUsd)
      }),
    )
  })

  test('property: the oracle never says more than the input is worth, and less by one unit at most', () => {
    fc.assert(
      fc.property(receiptRequestArbitrary, (request) => {
        for (const { sell, buy, amountIn, oracleMid } of composeReceipt(request).legs) {
          if (oracleMid === 'unknown') throw new Error('every leg has its prices here')
          const worth = worthIn(request, sell, amountIn)
          expect(worthIn(request, buy, oracleMid)).toBeLessThanOrEqual(worth + 1n)
          expect(worthIn(request, buy, oracleMid + 1n)).toBeGreaterThanOrEqual(worth)
        }
      }),
    )
  })

  test('property: what is unknown of an execution is unknown in its receipt, and what is known is not changed by it', () => {
    fc.assert(
      fc.property(partlyReadArbitrary, (request) => {
        const { outcome } = request
        const receipt = composeReceipt(request)
        expect(receipt.legs.map(({ received }) => received)).toEqual(
          outcome.legs.map(({ receivedOut }) => receivedOut ?? 'unknown'),
        )
        for (const { token, received } of receipt.purchases) {
          expect(received).toBe(outcome.bought.find((bought) => bought.token === token)?.received ?? 'unknown')
        }
        const isValued = typeof receipt.afterUsd === 'bigint'
        const traded = [...receipt.spendings, ...receipt.purchases].map(({ assetId }) => assetId)
        const isPriced = traded.every((id) => request.prices.some(({ assetId }) => assetId === id))
        const isArrived = receipt.purchases.every(({ received }) => received !== 'unknown')
        expect(isValued).toBe(isPriced && isArrived)
        expect(receipt.cost.totalUsd === 'unknown').toBe(!isValued || receipt.cost.gasUsd === 'unknown')
      }),
    )
  })
})
