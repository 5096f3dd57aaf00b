import { toAmountText, toBpsText, toNativeText, toTimeText, toUsdText } from './activityText'
import type { Receipt, ReceiptLeg } from './receipt'

/** The columns of {@link composeActivityCsv}, in their order. */
export const activityColumns = [
  'time',
  'planned_time',
  'chain_id',
  'account',
  'tx_hash',
  'block',
  'planned_block',
  'latency_blocks',
  'way',
  'router',
  'leg',
  'legs',
  'sell',
  'sold',
  'buy',
  'quoted',
  'minimum',
  'received',
  'oracle_mid',
  'gas_units',
  'fee_usd',
  'impact_usd',
  'gas_native',
  'gas_usd',
  'cost_usd',
  'cost_bps',
  'value_before_usd',
  'value_after_usd',
] as const

const lineEnd = '\r\n'
const plainNumber = /^-?\d+(?:\.\d+)?$/
/** What no spreadsheet takes for the start of a formula. */
const plainStart = /^[\p{L}\p{N}]/u
const needsQuotes = /[",\r\n]|^\s|\s$/

/**
 * Writes a text as a cell: quoted where it must be (RFC 4180). What is neither a number nor begins with a letter or digit gets an
 * apostrophe before it, so that no spreadsheet takes it for a formula; one can always be taken off again.
 */
export function encodeCell(text: string): string {
  const isSafe = text === '' || plainNumber.test(text) || plainStart.test(text)
  const safe = isSafe ? text : `'${text}`
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * Writes receipts as comma-separated values with one row for each leg, in their order (RFC 4180, CRLF). Amounts are whole tokens and
 * dollars with all digits, times are UTC. What is not known reads `unknown`. A cell is empty where the figure is not the row's: the
 * minimum of a leg that has none of its own, and the rebalance's cost and values after its first leg, so that a column can be summed.
 */
export function composeActivityCsv(receipts: readonly Receipt[]): string {
  const rows = [activityColumns, ...receipts.flatMap((receipt) => toRows(receipt))]
  return rows.map((row) => row.map(encodeCell).join(',') + lineEnd).join('')
}

function toRows(receipt: Receipt): readonly (readonly string[])[] {
  const common = toCommonCells(receipt)
  const totals = toTotalCells(receipt)
  return receipt.legs.map((leg, index) => [
    ...common,
    `${index + 1}`,
    `${receipt.legs.length}`,
    ...toLegCells(receipt, leg),
    ...(index === 0 ? totals : totals.map(() => '')),
  ])
}

function toCommonCells(receipt: Receipt): readonly string[] {
  const { included, planned, chainId, account, txHash, latencyBlocks, rung, router } = receipt
  return [
    toTimeText(included.timestamp),
    toTimeText(planned.timestamp),
    `${chainId}`,
    account,
    txHash,
    `${included.blockNumber}`,
    `${planned.blockNumber}`,
    `${latencyBlocks}`,
    rung,
    router,
  ]
}

function toLegCells(receipt: Receipt, leg: ReceiptLeg): readonly string[] {
  const { sell, buy, amountIn, quoted, minimum, received, oracleMid, gasUnits } = leg
  return [
    sell,
    toAmountText(receipt, sell, amountIn),
    buy,
    toAmountText(receipt, buy, quoted),
    minimum === undefined ? '' : toAmountText(receipt, buy, minimum),
    toAmountText(receipt, buy, received),
    toAmountText(receipt, buy, oracleMid),
    `${gasUnits}`,
  ]
}

function toTotalCells({ cost, gas, beforeUsd, afterUsd }: Receipt): readonly string[] {
  return [
    toUsdText(cost.feeUsd),
    toUsdText(cost.impactUsd),
    toNativeText(gas.paid),
    toUsdText(cost.gasUsd),
    toUsdText(cost.totalUsd),
    toBpsText(cost.totalCentiBps),
    toUsdText(beforeUsd),
    toUsdText(afterUsd),
  ]
}
