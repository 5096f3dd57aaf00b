import type { Client, TransactionReceipt } from 'viem'
import { getBlock, readContract } from 'viem/actions'
import { erc20Abi, permit2Abi } from '@/lib/chain/abis'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toAppError } from '@/lib/chain/toAppError'
import { nativeAddress } from '@/lib/core/asset'
import type { Allowance, BoughtOutcome, ExecutionOutcome, LegOutcome } from '@/lib/core/execution/outcome'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Address, Hex } from '@/lib/core/units'
import { findSwaps } from './swapEvents'

/** A receipt in whose logs a leg of the plan cannot be found. */
export class UnmatchedReceiptError extends Error {
  override readonly name = 'UnmatchedReceiptError'
  constructor(
    readonly txHash: Hex,
    readonly legIndex: number,
  ) {
    super(`The transaction ${txHash} does not show leg ${legIndex + 1} of the plan. Compare it in a block explorer.`)
  }
}

/**
 * Reads from the chain what an execution brought: per leg and per bought token received against quoted, gas, and what the contracts
 * that it went through may still take.
 * @param earlierReceipts those of the approvals, where they were transactions of their own
 * @throws {UnmatchedReceiptError} when the logs are not those of this plan
 * @throws {AppError} when the node cannot be reached
 */
export async function readOutcome(
  client: Client,
  {
    receipt,
    plan,
    deployment,
    earlierReceipts = [],
  }: {
    readonly receipt: TransactionReceipt
    readonly plan: RebalancePlan
    readonly deployment: Deployment
    readonly earlierReceipts?: readonly TransactionReceipt[]
  },
): Promise<ExecutionOutcome> {
  const legs = measureLegs(receipt, plan, deployment)
  const receipts = [...earlierReceipts, receipt]
  return {
    txHash: receipt.transactionHash,
    blockNumber: receipt.blockNumber,
    legs,
    bought: sumBought(plan, legs),
    gasUsed: receipts.reduce((total, { gasUsed }) => total + gasUsed, 0n),
    gasPaid: receipts.reduce((total, each) => total + gasPaidFor(each), 0n),
    allowancesAfter: await readAllowances(client, { receipt, plan, deployment }),
  }
}

/** The router's swaps in the pools of the plan, in the order of the logs, are the plan's hops in their order. */
function measureLegs(
  { logs, transactionHash }: TransactionReceipt,
  { legs, router }: RebalancePlan,
  deployment: Deployment,
): readonly LegOutcome[] {
  const hops = legs.flatMap((leg) => leg.hops)
  const swaps = findSwaps(logs, hops, { router: deployment.contracts[router], deployment })
  let position = 0
  return legs.map(({ sell, buy, hops: own, quotedOut, minimumOut }, legIndex) => {
    const executed = swaps.slice(position, position + own.length)
    position += own.length
    const [first, last] = [executed.at(0), executed.at(-1)]
    if (first === undefined || last === undefined || executed.length < own.length) {
      throw new UnmatchedReceiptError(transactionHash, legIndex)
    }
    return { sell, buy, amountIn: first.amountIn, quotedOut, minimumOut, receivedOut: last.amountOut }
  })
}

/** What legs bought of an asset, less what other legs passed on of it: that is what reached the account. */
function sumBought({ purchases }: RebalancePlan, legs: readonly LegOutcome[]): readonly BoughtOutcome[] {
  return purchases.map(({ assetId, token, quotedOut, minimumOut }) => ({
    token,
    quoted: quotedOut,
    minimum: minimumOut,
    received: legs.reduce(
      (sum, { sell, buy, amountIn, receivedOut }) =>
        sum + (buy === assetId ? receivedOut : 0n) - (sell === assetId ? amountIn : 0n),
      0n,
    ),
  }))
}

function gasPaidFor(receipt: TransactionReceipt): bigint {
  const dataFee = 'l1Fee' in receipt && typeof receipt.l1Fee === 'bigint' ? receipt.l1Fee : 0n
  return receipt.gasUsed * receipt.effectiveGasPrice + dataFee
}

async function readAllowances(
  client: Client,
  {
    receipt: { blockNumber },
    plan,
    deployment,
  }: { readonly receipt: TransactionReceipt; readonly plan: RebalancePlan; readonly deployment: Deployment },
): Promise<readonly Allowance[]> {
  const { swapRouter02, permit2, universalRouter } = deployment.contracts
  const { account: owner, router, spendings } = plan
  const tokens = spendings.map(({ token }) => token).filter((token) => token !== nativeAddress)
  const readErc20 = async (token: Address, spender: Address): Promise<Allowance> => {
    const args = [owner, spender] as const
    const read = { address: token, abi: erc20Abi, functionName: 'allowance', args, blockNumber } as const
    return { kind: 'erc20', token, spender, amount: await readContract(client, read) }
  }
  const readGrant = async (token: Address, time: bigint): Promise<Allowance> => {
    const args = [owner, token, universalRouter] as const
    const read = { address: permit2, abi: permit2Abi, functionName: 'allowance', args, blockNumber } as const
    const [amount, expiration] = await readContract(client, read)
    return { kind: 'permit2', token, spender: universalRouter, amount: BigInt(expiration) > time ? amount : 0n }
  }
  try {
    switch (router) {
      case 'swapRouter02':
        return await Promise.all(tokens.map((token) => readErc20(token, swapRouter02)))
      case 'universalRouter': {
        const { timestamp } = await getBlock(client, { blockNumber })
        return (
          await Promise.all(
            tokens.map((token) => Promise.all([readErc20(token, permit2), readGrant(token, timestamp)])),
          )
        ).flat()
      }
    }
  } catch (error) {
    throw toAppError(error)
  }
}
