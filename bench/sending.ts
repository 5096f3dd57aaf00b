import { createWalletClient, http, type TransactionReceipt } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import type { DevnetAccount } from '@/devnet/accounts'
import { readDelegation } from '@/devnet/control/delegation'
import { warp } from '@/devnet/control/time'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { type ChainClient, createChainClient, toViemChain } from '@/lib/chain/client'
import { localDeployment } from '@/lib/chain/deployments/local'
import { encodeDelegateBatch } from '@/lib/chain/wallet/delegateBatch'
import type { Call } from '@/lib/core/bundle'

const pollingInterval = 25
const blockSeconds = 12
/** Ample, and the same for all: an estimate would be made for another second than the one in which the block comes. */
const gasLimit = 8_000_000n

/** A local chain of a benchmark's own, which mines at once and at nothing else. */
export type BenchChain = { readonly devnet: Devnet; readonly client: ChainClient }

/** A transaction of a benchmark reverted, so that what it measures means nothing. */
export class BenchTransactionError extends Error {
  override readonly name = 'BenchTransactionError'
  constructor(readonly receipt: TransactionReceipt) {
    super(`The transaction ${receipt.transactionHash} of a benchmark reverted.`)
  }
}

/** Starts a chain, works with it and ends it. */
export async function withBenchChain<Result>(work: (chain: BenchChain) => Promise<Result>): Promise<Result> {
  const devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  try {
    return await work({ devnet, client: createChainClient({ deployment: localDeployment, rpcUrls: [devnet.rpcUrl] }) })
  } finally {
    await devnet.stop()
  }
}

/** Does something from a state of the chain and puts the chain back. */
export async function rollBackAfter<Result>({ devnet }: BenchChain, work: () => Promise<Result>): Promise<Result> {
  const id = await devnet.client.snapshot()
  try {
    return await work()
  } finally {
    await devnet.client.revert({ id })
    // The node keeps nonces of what it has just forgotten.
    await devnet.client.request({ method: 'anvil_dropAllTransactions', params: [] } as never)
  }
}

/** Lets time pass as between two blocks of Ethereum: a pool writes its oracle once for each second. */
export async function passBlock({ devnet }: BenchChain): Promise<void> {
  await warp(devnet, blockSeconds)
}

function signerOf({ devnet }: BenchChain, { privateKey }: DevnetAccount) {
  return createWalletClient({
    account: privateKeyToAccount(privateKey),
    chain: toViemChain(localDeployment, [devnet.rpcUrl]),
    transport: http(devnet.rpcUrl),
    pollingInterval,
  })
}

async function receiptOf({ client }: BenchChain, hash: `0x${string}`): Promise<TransactionReceipt> {
  const receipt = await waitForTransactionReceipt(client, { hash, pollingInterval })
  if (receipt.status !== 'success') throw new BenchTransactionError(receipt)
  return receipt
}

/** Sends calls as transactions, one after the other. */
export async function sendOneByOne(
  chain: BenchChain,
  account: DevnetAccount,
  calls: readonly Call[],
): Promise<readonly TransactionReceipt[]> {
  const signer = signerOf(chain, account)
  const receipts: TransactionReceipt[] = []
  for (const call of calls)
    receipts.push(await receiptOf(chain, await sendTransaction(signer, { ...call, gas: gasLimit })))
  return receipts
}

/** Sends calls as one transaction through MetaMask's EIP-7702 delegate; the first one also authorises it. */
export async function sendBatch(
  chain: BenchChain,
  account: DevnetAccount,
  calls: readonly Call[],
): Promise<readonly TransactionReceipt[]> {
  const [delegate] = localDeployment.trustedDelegates
  const signer = signerOf(chain, account)
  const isDelegated = (await readDelegation(chain.devnet, account.address)) !== null
  const authorizationList =
    isDelegated || delegate === undefined
      ? []
      : [await signer.signAuthorization({ contractAddress: delegate, executor: 'self' })]
  const request = { to: account.address, data: encodeDelegateBatch(calls), gas: gasLimit }
  const hash = await sendTransaction(signer, isDelegated ? request : { ...request, authorizationList })
  return [await receiptOf(chain, hash)]
}

/** Gas of several transactions together. */
export function sumGas(receipts: readonly TransactionReceipt[]): bigint {
  return receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)
}
