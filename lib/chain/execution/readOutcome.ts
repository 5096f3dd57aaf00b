import { type Client, decodeEventLog, isAddressEqual, type Log, parseAbi, type TransactionReceipt } from 'viem'
import { readContract } from 'viem/actions'
import { erc20Abi } from '@/lib/chain/abis'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toAppError } from '@/lib/chain/toAppError'
import { nativeAddress } from '@/lib/core/asset'
import type { BoughtOutcome, ExecutionOutcome, LegOutcome } from '@/lib/core/execution/outcome'
import type { Hop, Leg, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Address, Hex } from '@/lib/core/units'

const pairAbi = parseAbi([
  'event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
])
const poolAbi = parseAbi([
  'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
])

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
 * Reads from the chain what an execution brought: per leg and per bought token received against quoted, gas, and what the router may
 * still spend.
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
  const { wrappedNative } = deployment.contracts
  return {
    txHash: receipt.transactionHash,
    blockNumber: receipt.blockNumber,
    legs,
    bought: sumBought(plan.legs, legs, wrappedNative),
    gasUsed: receipts.reduce((total, { gasUsed }) => total + gasUsed, 0n),
    gasPaid: receipts.reduce((total, each) => total + gasPaidFor(each), 0n),
    allowancesAfter: await readAllowances(client, { receipt, plan, deployment }),
  }
}

/** The router's swaps in the pools of the plan, in the order of the logs, are the plan's hops in their order. */
function measureLegs(receipt: TransactionReceipt, plan: RebalancePlan, deployment: Deployment): readonly LegOutcome[] {
  const router = deployment.contracts.swapRouter02
  let position = 0
  const nextOutput = (hop: Hop, legIndex: number): bigint => {
    while (position < receipt.logs.length) {
      const log = receipt.logs[position]
      position += 1
      if (log === undefined || !isAddressEqual(log.address, hop.pool.address)) continue
      const output = outputOf(log, hop, router)
      if (output !== undefined) return output
    }
    throw new UnmatchedReceiptError(receipt.transactionHash, legIndex)
  }
  return plan.legs.map(({ sell, buy, hops, amountIn, quotedOut, minimumOut }, legIndex) => {
    const outputs = hops.map((hop) => nextOutput(hop, legIndex))
    return { sell, buy, amountIn, quotedOut, minimumOut, receivedOut: outputs.at(-1) ?? 0n }
  })
}

function outputOf(log: Log, { pool, tokenIn, tokenOut }: Hop, router: Address): bigint | undefined {
  const isZeroForOne = tokenIn.toLowerCase() < tokenOut.toLowerCase()
  const { topics, data } = log
  try {
    if (pool.kind === 'constantProduct') {
      const { args } = decodeEventLog({ abi: pairAbi, topics, data })
      if (!isAddressEqual(args.sender, router)) return undefined
      return isZeroForOne ? args.amount1Out : args.amount0Out
    }
    const { args } = decodeEventLog({ abi: poolAbi, topics, data })
    if (!isAddressEqual(args.sender, router)) return undefined
    return isZeroForOne ? -args.amount1 : -args.amount0
  } catch {
    return undefined
  }
}

function sumBought(
  legs: readonly Leg[],
  outcomes: readonly LegOutcome[],
  wrappedNative: Address,
): readonly BoughtOutcome[] {
  const bought = new Map<Address, BoughtOutcome>()
  legs.forEach(({ hops, quotedOut, minimumOut }, index) => {
    const { tokenOut } = hops.at(-1) ?? hops[0]
    const token = isAddressEqual(tokenOut, wrappedNative) ? nativeAddress : tokenOut
    const known = bought.get(token) ?? { token, quoted: 0n, minimum: 0n, received: 0n }
    bought.set(token, {
      token,
      quoted: known.quoted + quotedOut,
      minimum: known.minimum + minimumOut,
      received: known.received + (outcomes[index]?.receivedOut ?? 0n),
    })
  })
  return [...bought.values()]
}

function gasPaidFor(receipt: TransactionReceipt): bigint {
  const dataFee = 'l1Fee' in receipt && typeof receipt.l1Fee === 'bigint' ? receipt.l1Fee : 0n
  return receipt.gasUsed * receipt.effectiveGasPrice + dataFee
}

async function readAllowances(
  client: Client,
  {
    receipt: { blockNumber },
    plan: { account, legs },
    deployment,
  }: { readonly receipt: TransactionReceipt; readonly plan: RebalancePlan; readonly deployment: Deployment },
): Promise<ExecutionOutcome['allowancesAfter']> {
  const sold = legs.filter(({ paidFrom }) => paidFrom === 'token').map(({ hops }) => hops[0].tokenIn)
  const spender = deployment.contracts.swapRouter02
  return Promise.all(
    [...new Set(sold)].map(async (token) => {
      const read = {
        address: token,
        abi: erc20Abi,
        functionName: 'allowance',
        args: [account, spender],
        blockNumber,
      } as const
      const amount = await readContract(client, read).catch((error: unknown) => {
        throw toAppError(error)
      })
      return { token, amount }
    }),
  )
}
