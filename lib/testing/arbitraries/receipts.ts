import fc from 'fast-check'
import { composeReceipt, type ReceiptRequest } from '@/lib/core/activity/composeReceipt'
import type { Receipt } from '@/lib/core/activity/receipt'
import type { Asset } from '@/lib/core/asset'
import { usdValue, weigh } from '@/lib/core/portfolio/portfolio'
import type { Leg, Purchase, RebalancePlan, Spending } from '@/lib/core/rebalance/plan'
import { toBps, toUsd, type Usd } from '@/lib/core/units'
import { addressOf, buildAsset, etherAsset } from '../builders/assets'
import { examplePlan } from '../builders/receipt'

const assets: readonly Asset[] = [
  etherAsset,
  buildAsset('USDC', { decimals: 6, isStable: true }),
  buildAsset('WBTC', { decimals: 8 }),
  buildAsset('LINK'),
  buildAsset('GUSD', { decimals: 2, isStable: true }),
  buildAsset('BIG', { decimals: 24 }),
]

const tokenOf = ({ tokens }: Asset) => tokens[0].address

type Draft = {
  readonly asset: Asset
  readonly held: bigint
  readonly price: Usd
}

const draft = (asset: Asset): fc.Arbitrary<Draft> =>
  fc.record({
    asset: fc.constant(asset),
    held: fc.bigInt({ min: 10n ** 6n, max: 10n ** BigInt(asset.decimals + 6) }),
    price: fc.bigInt({ min: 10n ** 12n, max: 10n ** 23n }).map(toUsd),
  })

const drafts = fc.tuple(...assets.map(draft))

const pool = { kind: 'concentrated', id: addressOf('pool'), feePips: 500 } as const

function toLeg(sold: Draft, bought: Draft, parts: readonly [bigint, bigint, bigint]): Leg {
  const [ppm, quotedOut, gas] = parts
  const amountIn = (sold.held * ppm) / 1_000_000n
  const [sell, buy] = [sold.asset.id, bought.asset.id]
  const [tokenIn, tokenOut] = [sold.asset.poolToken.address, bought.asset.poolToken.address]
  return {
    sell,
    buy,
    paidFrom: 'token',
    paidTo: 'account',
    hops: [{ pool, sell, buy, tokenIn, tokenOut, amountIn, amountOut: quotedOut }],
    amountIn,
    quotedOut,
    minimumOut: ppm % 2n === 0n ? 0n : (quotedOut * 995n) / 1000n,
    oracleFloor: 0n,
    soldUsd: usdValue(amountIn, sold.asset.decimals, sold.price),
    feeUsd: toUsd((usdValue(amountIn, sold.asset.decimals, sold.price) * 5n) / 10_000n),
    impactUsd: 0n,
    impactBps: 0,
    gas,
  }
}

function sumBy<Row>(rows: readonly Row[], amountOf: (row: Row) => bigint): bigint {
  return rows.reduce((sum, row) => sum + amountOf(row), 0n)
}

function toPlan(rows: readonly Draft[], legs: readonly [Leg, ...Leg[]]): RebalancePlan {
  const of = (side: 'sell' | 'buy') => rows.filter(({ asset }) => legs.some((leg) => leg[side] === asset.id))
  const spendings = of('sell').map(({ asset }): Spending => {
    const mine = legs.filter(({ sell }) => sell === asset.id)
    return { assetId: asset.id, token: tokenOf(asset), amount: sumBy(mine, ({ amountIn }) => amountIn) }
  })
  const purchases = of('buy').map(({ asset }): Purchase => {
    const mine = legs.filter(({ buy }) => buy === asset.id)
    return {
      assetId: asset.id,
      token: tokenOf(asset),
      quotedOut: sumBy(mine, ({ quotedOut }) => quotedOut),
      minimumOut: sumBy(mine, ({ minimumOut }) => minimumOut),
      oracleFloor: 0n,
    }
  })
  const values = rows.map(({ asset, held, price }) => ({
    assetId: asset.id,
    valueUsd: usdValue(held, asset.decimals, price),
  }))
  const now = weigh(
    values,
    sumBy(values, ({ valueUsd }) => valueUsd),
  )
  return {
    ...examplePlan,
    legs,
    spendings: spendings as unknown as RebalancePlan['spendings'],
    purchases: purchases as unknown as RebalancePlan['purchases'],
    positions: rows.map(({ asset, held, price }) => ({
      assetId: asset.id,
      nowAmount: held,
      nowUsd: usdValue(held, asset.decimals, price),
      nowBps: now.get(asset.id) ?? toBps(0),
      projectedAmount: held,
      projectedUsd: toUsd(0n),
      projectedBps: toBps(0),
      targetBps: toBps(0),
    })),
  }
}

/** Executions of plans of one to six legs: three assets are sold for the three others, at prices over eleven powers of ten. */
export const receiptRequestArbitrary: fc.Arbitrary<ReceiptRequest> = fc
  .record({
    rows: drafts.chain((drawn) => fc.shuffledSubarray(drawn, { minLength: 6 })),
    legs: fc.array(
      fc.tuple(
        fc.nat({ max: 2 }),
        fc.nat({ max: 2 }),
        fc.bigInt({ min: 1n, max: 150_000n }),
        fc.bigInt({ min: 1_000n, max: 10n ** 24n }),
        fc.bigInt({ min: 0n, max: 400_000n }),
      ),
      { minLength: 1, maxLength: 6 },
    ),
    paidPpm: fc.bigInt({ min: 980_000n, max: 1_010_000n }),
    gasUsed: fc.bigInt({ min: 21_000n, max: 10n ** 7n }),
    gasPaid: fc.bigInt({ min: 0n, max: 10n ** 18n }),
    latency: fc.bigInt({ min: 0n, max: 50n }),
    rung: fc.constantFrom('atomicBatch' as const, 'approveThenSwap' as const),
    includedAt: fc.option(fc.integer({ min: 1_600_000_000, max: 2_000_000_000 }), { nil: undefined }),
    hash: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  })
  .map(({ rows, legs: parts, paidPpm, gasUsed, gasPaid, latency, rung, includedAt, hash }): ReceiptRequest => {
    const legs = parts.flatMap(([from, to, ...amounts]) => {
      const [sold, bought] = [rows[from], rows[3 + to]]
      return sold === undefined || bought === undefined ? [] : [toLeg(sold, bought, amounts)]
    })
    const [first, ...others] = legs
    if (first === undefined) throw new Error('A plan needs a leg.')
    const plan = toPlan(rows, [first, ...others])
    const paid = (quoted: bigint) => (quoted * paidPpm) / 1_000_000n
    return {
      plan,
      outcome: {
        txHash: `0x${hash.toString(16).padStart(64, '0')}`,
        blockNumber: plan.block.number + latency,
        legs: legs.map(({ sell, buy, amountIn, quotedOut }) => ({ sell, buy, amountIn, receivedOut: paid(quotedOut) })),
        bought: plan.purchases.map(({ token, quotedOut }) => ({ token, received: paid(quotedOut) })),
        gasUsed,
        gasPaid,
      },
      rung,
      prices: rows.map(({ asset, price }) => ({ assetId: asset.id, usd: price })),
      assets,
      includedAt,
    }
  })

/** An execution of which some amounts and prices are not known. */
export const partlyReadArbitrary: fc.Arbitrary<ReceiptRequest> = fc
  .tuple(receiptRequestArbitrary, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }))
  .map(([request, isLost]) => {
    let next = 0
    const lost = () => isLost[next++] === true
    const { outcome, prices } = request
    return {
      ...request,
      outcome: {
        ...outcome,
        legs: outcome.legs.map((leg) => (lost() ? { ...leg, receivedOut: undefined } : leg)),
        bought: outcome.bought.filter(() => !lost()),
      },
      prices: prices.filter(() => !lost()),
    }
  })

/** Receipts, complete ones and others. */
export const receiptArbitrary: fc.Arbitrary<Receipt> = fc
  .oneof(receiptRequestArbitrary, partlyReadArbitrary)
  .map(composeReceipt)
