import { describe, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import type { ExecutionOutcome } from '@/lib/core/execution/outcome'
import { toBps, toUsd, usdUnit } from '@/lib/core/units'
import { measurePaidCost, toBoughtLines, toLegLines, toWeightsAfter } from './receiptView'
import { examplePlan } from './testing/examplePlan'

const { assets } = localDeployment
const unit = 10n ** 18n

const outcome: ExecutionOutcome = {
  txHash: '0x01',
  blockNumber: 43n,
  legs: [
    {
      sell: 'USDC',
      buy: 'LINK',
      amountIn: 1_000_000_000n,
      quotedOut: 66n * unit,
      minimumOut: 65n * unit,
      receivedOut: 66n * unit - 1n,
    },
  ],
  bought: [{ token: nativeAddress, quoted: 2n * unit, minimum: unit, received: 2n * unit }],
  gasUsed: 200_000n,
  gasPaid: 10n ** 15n,
  allowancesAfter: [],
}

const prices = [
  { assetId: 'ETH', usd: toUsd(2_000n * usdUnit) },
  { assetId: 'USDC', usd: toUsd(usdUnit) },
  { assetId: 'LINK', usd: toUsd(15n * usdUnit) },
]

describe('toLegLines', () => {
  test('default: a single missing unit shows, rounded down', () => {
    const [line] = toLegLines(outcome, assets)
    expect(line).toMatchObject({ sell: { symbol: 'USDC' }, received: { symbol: 'LINK' }, differenceCentiBps: -1 })
  })
})

test('behaviour: a leg without a minimum of its own shows none', () => {
  const [first] = outcome.legs
  if (first === undefined) throw new Error('one leg')
  expect(toLegLines({ ...outcome, legs: [{ ...first, minimumOut: 0n }] }, assets)[0]?.minimum).toBeUndefined()
})

describe('toBoughtLines', () => {
  test('default', () => {
    const [line] = toBoughtLines(outcome, assets)
    expect(line).toMatchObject({ received: { symbol: 'ETH', amount: 2n * unit }, differenceCentiBps: 0 })
  })
})

describe('measurePaidCost', () => {
  const token = assets.find(({ id }) => id === 'LINK')?.poolToken.address ?? nativeAddress
  const arrived: ExecutionOutcome = {
    ...outcome,
    bought: [{ token, quoted: 66n * unit, minimum: 65n * unit, received: 66n * unit - 1n }],
  }

  test('default: what was given less what arrived, and the gas', () => {
    const cost = measurePaidCost(arrived, { plan: examplePlan, prices, assets })
    // $1000 sold, $990 received and $2 of gas; $3 of it are the pools' fees.
    expect(cost?.gasUsd).toBe(2n * usdUnit)
    expect(cost?.feeUsd).toBe(3n * usdUnit)
    expect(cost?.totalUsd).toBe(12n * usdUnit + 15n)
    expect(cost?.impactUsd).toBe(7n * usdUnit + 15n)
  })

  test('behaviour: an unknown price is not zero', () => {
    expect(measurePaidCost(arrived, { plan: examplePlan, prices: prices.slice(0, 2), assets })).toBeUndefined()
  })
})

describe('toWeightsAfter', () => {
  test('default', () => {
    const rows = toWeightsAfter(
      examplePlan,
      [
        { assetId: 'USDC', weightBps: toBps(9_010), targetBps: toBps(9_000), valueUsd: toUsd(9_010n * usdUnit) },
        { assetId: 'LINK', weightBps: toBps(990), targetBps: toBps(1_000), valueUsd: toUsd(990n * usdUnit) },
      ],
      assets,
    )
    expect(rows.map(({ assetId, now, projected, target }) => [assetId, now.bps, projected.bps, target.bps])).toEqual([
      ['USDC', 10_000, 9_010, 9_000],
      ['LINK', 0, 990, 1_000],
    ])
  })
})
