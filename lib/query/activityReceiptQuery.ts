import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { getBlock, getTransactionReceipt } from 'viem/actions'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { UnmatchedReceiptError } from '@/lib/chain/execution/readOutcome'
import { composeReceipt, type ReadOutcome } from '@/lib/core/activity/composeReceipt'
import type { Receipt } from '@/lib/core/activity/receipt'
import { activityStore } from '@/lib/storage/activityStore'
import type { SaveOutcome } from '@/lib/storage/createStore'
import type { SavedRebalance } from '@/lib/storage/rebalanceStore'
import { type OutcomeRequest, outcomeQuery } from './outcomeQuery'

/** A rebalance with what the chain shows of it. */
export type RecordRequest = {
  readonly deployment: Pick<Deployment, 'assets'>
  readonly saved: SavedRebalance
  readonly outcome: ReadOutcome
  /** Unix seconds of the block that includes it; missing where it is not known. */
  readonly includedAt?: number | undefined
}

/** A receipt, and whether the browser will still have it after a reload. */
export type RecordedReceipt = { readonly receipt: Receipt; readonly kept: SaveOutcome }

/**
 * Keeps the receipt of a confirmed rebalance on this device, once for each transaction: calling it again changes nothing, unless more
 * is known by then.
 */
export function recordReceipt({ deployment, saved, outcome, includedAt }: RecordRequest): RecordedReceipt {
  const { plan, prices, record } = saved
  const { account, chainId, rung } = record.execution
  const receipt = composeReceipt({ plan, outcome, rung, prices, assets: deployment.assets, includedAt })
  return { receipt, kept: activityStore({ account, chainId }).record(receipt) }
}

/** Reads what a confirmed rebalance brought and keeps its receipt. What the logs do not show stays unknown. */
export function receiptQuery(request: OutcomeRequest) {
  const { client, deployment, saved } = request
  const { id, chainId, steps } = saved.record.execution
  const hashes = listHashes(saved)
  return queryOptions({
    queryKey: ['receipt', { chainId, id, hashes }],
    queryFn: async ({ client: queries }): Promise<RecordedReceipt> => {
      const outcome = await readWhatShows(queries, request)
      // At once, so that nothing is lost should the page close while the time of the block is read.
      recordReceipt({ deployment, saved, outcome })
      const { timestamp } = await getBlock(client, { blockNumber: outcome.blockNumber })
      return recordReceipt({ deployment, saved, outcome, includedAt: Number(timestamp) })
    },
    enabled: hashes.length === steps.length,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 3,
    networkMode: 'always',
  })
}

function listHashes({ record }: SavedRebalance) {
  return record.execution.steps.flatMap(({ state }) => (state.status === 'confirmed' ? [state.txHash] : []))
}

const tries = 3

async function readWhatShows(queries: QueryClient, request: OutcomeRequest): Promise<ReadOutcome> {
  const retry = (failures: number, error: Error) => !(error instanceof UnmatchedReceiptError) && failures < tries
  try {
    return await queries.fetchQuery({ ...outcomeQuery(request), retry })
  } catch (error) {
    if (!(error instanceof UnmatchedReceiptError)) throw error
    return readWithoutLogs(request)
  }
}

/** What is known of a rebalance whose swaps cannot be found in the logs: that it is there, and what it paid for gas. */
async function readWithoutLogs({ client, saved }: OutcomeRequest): Promise<ReadOutcome> {
  const receipts = await Promise.all(listHashes(saved).map((hash) => getTransactionReceipt(client, { hash })))
  const last = receipts.at(-1)
  if (last === undefined) throw new Error('Nothing was confirmed yet.')
  return {
    txHash: last.transactionHash,
    blockNumber: last.blockNumber,
    legs: [],
    bought: [],
    gasUsed: receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    gasPaid: receipts.reduce(
      (sum, receipt) => sum + receipt.gasUsed * receipt.effectiveGasPrice + dataFeeOf(receipt),
      0n,
    ),
  }
}

/** Wei that a layer 2 takes for its data; the node's own field, which no formatter touches here. */
function dataFeeOf(receipt: object): bigint {
  const fee = 'l1Fee' in receipt ? receipt.l1Fee : undefined
  return typeof fee === 'bigint' || typeof fee === 'string' ? BigInt(fee) : 0n
}
