import { composeReceipt, type ReadOutcome, type ReceiptRequest } from '@/lib/core/activity/composeReceipt'
import type { Receipt } from '@/lib/core/activity/receipt'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { toBps, toUsd, usdUnit } from '@/lib/core/units'
import { addressOf, buildAsset, etherAsset, idOf } from './assets'
import { blockTimestamp } from './snapshot'

const usdc = buildAsset('USDC', { decimals: 6, isStable: true })
const link = buildAsset('LINK')
const ether = 10n ** 18n
const dollars = (amount: bigint) => toUsd(amount * usdUnit)

const pool = { kind: 'concentrated', id: addressOf('pool'), feePips: 3000 } as const

/**
 * 1,000 of 3,000 USDC are sold for LINK at $10 and ether at $2,000, half each, by an account that held one ether: it was worth $5,000.
 * The pools charge $3 and pay $497.50 twice, $2 less than the feeds say. Gas is 0.001 ether: $2.
 */
export const examplePlan: RebalancePlan = {
  chainId: 31337,
  account: addressOf('account'),
  block: { number: 100n, hash: `0x${'ab'.repeat(32)}`, timestamp: blockTimestamp, baseFeePerGas: 10n ** 9n },
  router: 'swapRouter02',
  legs: [
    {
      sell: 'USDC',
      buy: 'LINK',
      paidFrom: 'token',
      paidTo: 'account',
      hops: [
        {
          pool,
          sell: 'USDC',
          buy: 'LINK',
          tokenIn: usdc.poolToken.address,
          tokenOut: link.poolToken.address,
          amountIn: 500_000_000n,
          amountOut: 49_800_000_000_000_000_000n,
        },
      ],
      amountIn: 500_000_000n,
      quotedOut: 49_800_000_000_000_000_000n,
      minimumOut: 49_500_000_000_000_000_000n,
      oracleFloor: 49_000_000_000_000_000_000n,
      soldUsd: dollars(500n),
      feeUsd: toUsd((15n * usdUnit) / 10n),
      impactUsd: usdUnit / 2n,
      impactBps: 10,
      gas: 100_000n,
    },
    {
      sell: 'USDC',
      buy: 'ETH',
      paidFrom: 'token',
      paidTo: 'router',
      hops: [
        {
          pool,
          sell: 'USDC',
          buy: 'ETH',
          tokenIn: usdc.poolToken.address,
          tokenOut: etherAsset.poolToken.address,
          amountIn: 500_000_000n,
          amountOut: 249_000_000_000_000_000n,
        },
      ],
      amountIn: 500_000_000n,
      quotedOut: 249_000_000_000_000_000n,
      minimumOut: 0n,
      oracleFloor: 0n,
      soldUsd: dollars(500n),
      feeUsd: toUsd((15n * usdUnit) / 10n),
      impactUsd: usdUnit / 2n,
      impactBps: 10,
      gas: 50_000n,
    },
  ],
  spendings: [{ assetId: 'USDC', token: usdc.poolToken.address, amount: 1_000_000_000n }],
  purchases: [
    {
      assetId: 'LINK',
      token: link.poolToken.address,
      quotedOut: 49_800_000_000_000_000_000n,
      minimumOut: 49_500_000_000_000_000_000n,
      oracleFloor: 49_000_000_000_000_000_000n,
    },
    {
      assetId: 'ETH',
      token: '0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE',
      quotedOut: 249_000_000_000_000_000n,
      minimumOut: 248_000_000_000_000_000n,
      oracleFloor: 240_000_000_000_000_000n,
    },
  ],
  positions: [
    {
      assetId: 'ETH',
      nowAmount: ether,
      nowUsd: dollars(2_000n),
      nowBps: toBps(4_000),
      projectedAmount: ether + 249_000_000_000_000_000n,
      projectedUsd: dollars(2_498n),
      projectedBps: toBps(4_998),
      targetBps: toBps(5_000),
    },
    {
      assetId: 'USDC',
      nowAmount: 3_000_000_000n,
      nowUsd: dollars(3_000n),
      nowBps: toBps(6_000),
      projectedAmount: 2_000_000_000n,
      projectedUsd: dollars(2_000n),
      projectedBps: toBps(4_002),
      targetBps: toBps(4_000),
    },
    {
      assetId: 'LINK',
      nowAmount: 0n,
      nowUsd: dollars(0n),
      nowBps: toBps(0),
      projectedAmount: 49_800_000_000_000_000_000n,
      projectedUsd: dollars(498n),
      projectedBps: toBps(1_000),
      targetBps: toBps(1_000),
    },
  ],
  skipped: [],
  leftOut: [],
  cost: { feeUsd: dollars(3n), impactUsd: usdUnit, gasUsd: dollars(2n), totalUsd: 6n * usdUnit, totalCentiBps: 1_200 },
  gas: { units: 200_000n, maxFeePerGas: 5n * 10n ** 9n, usd: dollars(2n) },
  certificate: { valueUsd: 4_994, boundUsd: 4_995, gapBps: 2, shadowPrices: [], poolUse: [] },
  nativeReserve: 10n ** 16n,
  driftBeforeBps: 2_000,
  driftAfterBps: 2,
  deadline: blockTimestamp + 600,
  impactLevel: 'quiet',
}

/** What the chain shows of {@link examplePlan}: both legs got a little less than quoted. */
export const exampleOutcome = {
  txHash: idOf('transaction'),
  blockNumber: 103n,
  legs: [
    { sell: 'USDC', buy: 'LINK', amountIn: 500_000_000n, receivedOut: 49_750_000_000_000_000_000n },
    { sell: 'USDC', buy: 'ETH', amountIn: 500_000_000n, receivedOut: 248_750_000_000_000_000n },
  ],
  bought: [
    { token: link.poolToken.address, received: 49_750_000_000_000_000_000n },
    { token: '0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE', received: 248_750_000_000_000_000n },
  ],
  gasUsed: 200_000n,
  gasPaid: ether / 1_000n,
} satisfies ReadOutcome

/** Everything that the example's receipt is made of. */
export const exampleReceiptRequest: ReceiptRequest = {
  plan: examplePlan,
  outcome: exampleOutcome,
  rung: 'atomicBatch',
  prices: [
    { assetId: 'ETH', usd: dollars(2_000n) },
    { assetId: 'USDC', usd: dollars(1n) },
    { assetId: 'LINK', usd: dollars(10n) },
  ],
  assets: [etherAsset, usdc, link],
  includedAt: blockTimestamp + 36,
}

/** The receipt of the example, with changes. */
export function buildReceipt(changes: Partial<Receipt> = {}): Receipt {
  return { ...composeReceipt(exampleReceiptRequest), ...changes }
}
