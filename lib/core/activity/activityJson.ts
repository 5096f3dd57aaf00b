import { toAmountText, toBpsText, toNativeText, toTimeText, toUsdText } from './activityText'
import type { Receipt } from './receipt'

/** What the file calls itself. */
export const activityFormat = 'ballast.activity'
/** Raised when a field changes its meaning. */
export const activityFormatVersion = 1

/**
 * Writes receipts as JSON. Amounts are whole tokens and dollars as decimal strings with all digits, times are UTC, weights basis
 * points. What is not known reads `"unknown"`.
 */
export function composeActivityJson(receipts: readonly Receipt[]): string {
  const file = { format: activityFormat, version: activityFormatVersion, receipts: receipts.map(toFile) }
  return `${JSON.stringify(file, undefined, 2)}\n`
}

function toFile(receipt: Receipt) {
  const { chainId, account, txHash, planned, included, latencyBlocks, rung, router, gas, cost } = receipt
  return {
    chainId,
    account,
    txHash,
    planned: { block: `${planned.blockNumber}`, time: toTimeText(planned.timestamp) },
    included: { block: `${included.blockNumber}`, time: toTimeText(included.timestamp) },
    latencyBlocks: `${latencyBlocks}`,
    way: rung,
    router,
    assets: receipt.assets.map(({ assetId, decimals, priceUsd }) => ({
      asset: assetId,
      decimals,
      priceUsd: toUsdText(priceUsd),
    })),
    legs: receipt.legs.map(({ sell, buy, amountIn, quoted, minimum, received, oracleMid, gasUnits }) => ({
      sell,
      sold: toAmountText(receipt, sell, amountIn),
      buy,
      quoted: toAmountText(receipt, buy, quoted),
      ...(minimum === undefined ? {} : { minimum: toAmountText(receipt, buy, minimum) }),
      received: toAmountText(receipt, buy, received),
      oracleMid: toAmountText(receipt, buy, oracleMid),
      gasUnits: `${gasUnits}`,
    })),
    spendings: receipt.spendings.map(({ assetId, token, amount }) => ({
      asset: assetId,
      token,
      amount: toAmountText(receipt, assetId, amount),
    })),
    purchases: receipt.purchases.map(({ assetId, token, quoted, minimum, received }) => ({
      asset: assetId,
      token,
      quoted: toAmountText(receipt, assetId, quoted),
      minimum: toAmountText(receipt, assetId, minimum),
      received: toAmountText(receipt, assetId, received),
    })),
    weights: receipt.positions.map((position) => ({
      asset: position.assetId,
      beforeAmount: toAmountText(receipt, position.assetId, position.beforeAmount),
      beforeUsd: toUsdText(position.beforeUsd),
      beforeBps: position.beforeBps,
      afterAmount: toAmountText(receipt, position.assetId, position.afterAmount),
      afterUsd: toUsdText(position.afterUsd),
      afterBps: position.afterBps,
    })),
    valueBeforeUsd: toUsdText(receipt.beforeUsd),
    valueAfterUsd: toUsdText(receipt.afterUsd),
    gas: { units: `${gas.units}`, native: toNativeText(gas.paid) },
    cost: {
      feeUsd: toUsdText(cost.feeUsd),
      impactUsd: toUsdText(cost.impactUsd),
      gasUsd: toUsdText(cost.gasUsd),
      totalUsd: toUsdText(cost.totalUsd),
      totalBps: toBpsText(cost.totalCentiBps),
    },
  }
}
