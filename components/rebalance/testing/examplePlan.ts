import { localDeployment } from '@/lib/chain/deployments/local'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { type Address, toBps, toUsd, usdUnit } from '@/lib/core/units'

function tokenOf(assetId: string): Address {
  const asset = localDeployment.assets.find(({ id }) => id === assetId)
  if (asset === undefined) throw new Error(`${assetId} is not listed.`)
  return asset.poolToken.address
}

/** A plan of one leg over two pools, for tests of what is shown. */
export const examplePlan: RebalancePlan = {
  chainId: localDeployment.chainId,
  account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  block: { number: 42n, hash: '0x2a', timestamp: 1_700_000_000, baseFeePerGas: 10n ** 9n },
  router: 'swapRouter02',
  legs: [
    {
      sell: 'USDC',
      buy: 'LINK',
      paidFrom: 'token',
      paidTo: 'account',
      hops: [
        {
          pool: { kind: 'concentrated', id: '0x0000000000000000000000000000000000000065', feePips: 500 },
          sell: 'USDC',
          buy: 'ETH',
          tokenIn: tokenOf('USDC'),
          tokenOut: tokenOf('ETH'),
          amountIn: 1_000_000_000n,
          amountOut: 4n * 10n ** 17n,
        },
        {
          pool: { kind: 'constantProduct', id: '0x0000000000000000000000000000000000000066', feePips: 3000 },
          sell: 'ETH',
          buy: 'LINK',
          tokenIn: tokenOf('ETH'),
          tokenOut: tokenOf('LINK'),
          amountIn: 4n * 10n ** 17n,
          amountOut: 66n * 10n ** 18n,
        },
      ],
      amountIn: 1_000_000_000n,
      quotedOut: 66n * 10n ** 18n,
      minimumOut: 65n * 10n ** 18n,
      oracleFloor: 64n * 10n ** 18n,
      soldUsd: toUsd(1_000n * usdUnit),
      feeUsd: toUsd(3n * usdUnit),
      impactUsd: usdUnit,
      impactBps: 10,
      gas: 150_000n,
    },
  ],
  spendings: [{ assetId: 'USDC', token: tokenOf('USDC'), amount: 1_000_000_000n }],
  purchases: [
    {
      assetId: 'LINK',
      token: tokenOf('LINK'),
      quotedOut: 66n * 10n ** 18n,
      minimumOut: 65n * 10n ** 18n,
      oracleFloor: 64n * 10n ** 18n,
    },
  ],
  positions: [
    {
      assetId: 'USDC',
      nowAmount: 10n ** 10n,
      nowUsd: toUsd(10_000n * usdUnit),
      nowBps: toBps(10_000),
      projectedAmount: 9n * 10n ** 9n,
      projectedUsd: toUsd(9_000n * usdUnit),
      projectedBps: toBps(9_000),
      targetBps: toBps(9_000),
    },
    {
      assetId: 'LINK',
      nowAmount: 0n,
      nowUsd: toUsd(0n),
      nowBps: toBps(0),
      projectedAmount: 66n * 10n ** 18n,
      projectedUsd: toUsd(996n * usdUnit),
      projectedBps: toBps(1_000),
      targetBps: toBps(1_000),
    },
  ],
  skipped: [],
  leftOut: [],
  cost: {
    feeUsd: toUsd(3n * usdUnit),
    impactUsd: usdUnit,
    gasUsd: toUsd(usdUnit / 3n),
    totalUsd: 4n * usdUnit + usdUnit / 3n,
    totalCentiBps: 433,
  },
  gas: { units: 200_000n, maxFeePerGas: 10n ** 9n, usd: toUsd(usdUnit / 3n) },
  certificate: {
    valueUsd: 9_995.6,
    boundUsd: 9_995.8,
    gapBps: 0.2,
    shadowPrices: [{ assetId: 'LINK', usd: 15 }],
    poolUse: [
      {
        pool: { kind: 'concentrated', id: '0x0000000000000000000000000000000000000065', feePips: 500 },
        assetIds: ['USDC', 'ETH'],
        soldUsd: 1_000,
        surplusUsd: 2.5,
        gasUsd: 0.17,
      },
    ],
  },
  nativeReserve: 0n,
  driftBeforeBps: 1_000,
  driftAfterBps: 0,
  deadline: 1_700_000_600,
  impactLevel: 'quiet',
}
