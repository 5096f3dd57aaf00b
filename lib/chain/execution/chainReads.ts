import {
  type Address,
  type Client,
  decodeEventLog,
  type Hex,
  isAddressEqual,
  type Log,
  parseAbi,
  type TransactionReceipt,
} from 'viem'
import { call, getBlock, getLogs, getTransaction, getTransactionReceipt } from 'viem/actions'
import { listSwaps, sumPulled } from '@/lib/chain/bundle/bundleFacts'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toAppError } from '@/lib/chain/toAppError'
import type { DecodedBundle } from '@/lib/core/bundle'
import { findSwaps, loggerOf, type PlainLog, swapEvents, toExpectedSwaps } from './swapEvents'

const transferAbi = parseAbi(['event Transfer(address indexed from, address indexed to, uint256 value)'])
const depositAbi = parseAbi(['event Deposit(address indexed dst, uint256 wad)'])

/** The receipt of exactly this transaction, or `undefined` while there is none. */
export async function findReceipt(client: Client, hash: Hex): Promise<TransactionReceipt | undefined> {
  try {
    const receipt = await getTransactionReceipt(client, { hash })
    return receipt.transactionHash.toLowerCase() === hash.toLowerCase() ? receipt : undefined
  } catch (error) {
    if (error instanceof Error && error.name === 'TransactionReceiptNotFoundError') return undefined
    throw toAppError(error)
  }
}

/**
 * True when a transaction's logs show a bundle: each sold token left the account, and the router swapped in each pool what it was told
 * to. More may have left the account beside it: some wallets take their gas in tokens. Says nothing about who sent the transaction.
 */
export function provesBundle(
  logs: readonly PlainLog[],
  decoded: DecodedBundle,
  { account, deployment }: { readonly account: Address; readonly deployment: Deployment },
): boolean {
  const isSold = [...sumPulled(decoded)].every(([token, amount]) => sumTransfersFrom(logs, token, account) >= amount)
  return isSold && showsSwaps(logs, decoded, deployment)
}

function showsSwaps(logs: readonly PlainLog[], decoded: DecodedBundle, deployment: Deployment): boolean {
  const told = listSwaps(decoded).flatMap((swap) =>
    toExpectedSwaps(swap, deployment).map((expected, index) => ({
      expected,
      amountIn: index === 0 ? swap.amountIn : 'rest',
    })),
  )
  const expected = told.map((each) => each.expected)
  const swaps = findSwaps(logs, expected, { router: decoded.router, deployment })
  return (
    swaps.length === told.length &&
    swaps.every(({ amountIn }, index) => told[index]?.amountIn === 'rest' || told[index]?.amountIn === amountIn)
  )
}

function sumTransfersFrom(logs: readonly PlainLog[], token: Address, account: Address): bigint {
  return logs
    .filter(({ address }) => isAddressEqual(address, token))
    .map(({ topics, data }) => attempt(() => decodeEventLog({ abi: transferAbi, topics, data }).args))
    .filter((args) => args !== undefined && isAddressEqual(args.from, account))
    .reduce((total, args) => total + (args?.value ?? 0n), 0n)
}

/** Searches the chain for the transaction that executed a bundle, whatever the wallet says or does not say of it. */
export async function findBundleReceipt(
  client: Client,
  {
    account,
    decoded,
    deployment,
    fromBlock,
  }: {
    readonly account: Address
    readonly decoded: DecodedBundle
    readonly deployment: Deployment
    readonly fromBlock: bigint
  },
): Promise<TransactionReceipt | undefined> {
  if ((await getBlock(client)).number <= fromBlock) return undefined
  const [soldToken] = sumPulled(decoded).keys()
  const logs = await (soldToken === undefined
    ? listNativeSales(client, { decoded, deployment, fromBlock })
    : getLogs(client, {
        address: soldToken,
        event: transferAbi[0],
        args: { from: account },
        fromBlock: fromBlock + 1n,
      }))
  for (const hash of new Set(logs.map(({ transactionHash }) => transactionHash))) {
    const receipt = hash === null ? undefined : await findReceipt(client, hash)
    if (receipt?.status !== 'success') continue
    if (!provesBundle(receipt.logs, decoded, { account, deployment })) continue
    if (soldToken !== undefined || (await isSentBy(client, receipt, account))) return receipt
  }
  return undefined
}

/** Logs of transactions in which a router spent native coin: SwapRouter02 wraps it, the Universal Router makes the first swap. */
async function listNativeSales(
  client: Client,
  {
    decoded,
    deployment,
    fromBlock,
  }: { readonly decoded: DecodedBundle; readonly deployment: Deployment; readonly fromBlock: bigint },
): Promise<readonly Pick<Log, 'transactionHash'>[]> {
  const { wrappedNative, universalRouter } = deployment.contracts
  const since = { fromBlock: fromBlock + 1n }
  const [first] = isAddressEqual(decoded.router, universalRouter)
    ? listSwaps(decoded).flatMap((swap) => toExpectedSwaps(swap, deployment))
    : []
  if (first === undefined) {
    const args = { dst: decoded.router }
    return getLogs(client, { address: wrappedNative, event: depositAbi[0], args, ...since })
  }
  const address = loggerOf(first.pool, deployment)
  const args = { sender: decoded.router }
  switch (first.pool.kind) {
    case 'constantProduct':
      return getLogs(client, { address, event: swapEvents.constantProduct[0], args, ...since })
    case 'concentrated':
      return getLogs(client, { address, event: swapEvents.concentrated[0], args, ...since })
    case 'singleton':
      return getLogs(client, {
        address,
        event: swapEvents.singleton[0],
        args: { ...args, id: first.pool.id },
        ...since,
      })
  }
}

async function isSentBy(client: Client, { transactionHash }: TransactionReceipt, account: Address): Promise<boolean> {
  const { from } = await getTransaction(client, { hash: transactionHash })
  return isAddressEqual(from, account)
}

/** Why a mined transaction reverted, from running it again on the state after its block: it changed nothing itself. */
export async function readRevertReason(
  client: Client,
  { transactionHash, blockNumber }: TransactionReceipt,
): Promise<string> {
  try {
    const { from, to, input, value, gas } = await getTransaction(client, { hash: transactionHash })
    await call(client, { account: from, to, data: input, value, gas, blockNumber })
    return 'no reason given'
  } catch (error) {
    const known = toAppError(error)
    return 'reason' in known && typeof known.reason === 'string' ? known.reason : 'no reason given'
  }
}

function attempt<Result>(task: () => Result): Result | undefined {
  try {
    return task()
  } catch {
    return undefined
  }
}
