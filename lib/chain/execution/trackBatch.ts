import { type Client, isHash, type TransactionReceipt } from 'viem'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toExecutionFailure } from '@/lib/chain/toAppError'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Bundle, DecodedBundle } from '@/lib/core/bundle'
import type { StepRequest } from '@/lib/core/execution/execution'
import type { Hex } from '@/lib/core/units'
import { carriesCall, findBundleReceipt, findReceipt, hasNewTransaction, provesBundle } from './chainReads'
import { type Patience, pollUntil } from './patience'
import { isPast, type Tracked } from './trackTransaction'

/** What a wallet says of a batch. `unsure` is everything that helps no further: nonsense, no answer, an unknown id. */
export type BatchReport =
  | { readonly kind: 'pending' }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'onChain'; readonly hashes: readonly Hex[] }
  | { readonly kind: 'unsure' }

/** Reads an answer to `wallet_getCallsStatus` (EIP-5792, also its first draft with words for codes). */
export function toBatchReport(answer: unknown): BatchReport {
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) return { kind: 'unsure' }
  const { status } = answer
  const receipts = 'receipts' in answer && Array.isArray(answer.receipts) ? answer.receipts : []
  const hashes = receipts
    .map((receipt: { transactionHash?: unknown } | null) => receipt?.transactionHash)
    .filter((hash): hash is Hex => typeof hash === 'string' && isHash(hash))
  if (hashes.length > 0) return { kind: 'onChain', hashes }
  if (status === 'PENDING' || (typeof status === 'number' && status >= 100 && status < 200)) return { kind: 'pending' }
  return typeof status === 'number' && status >= 400 && status < 500 ? { kind: 'dropped' } : { kind: 'unsure' }
}

/** How many looks must show nothing on chain before a batch that the wallet gave up counts as never sent. */
const looksBeforeDropped = 3

/** The chain is searched for the batch at every n-th look when the wallet gives no hash. */
const searchEvery = 3

/**
 * Waits for a batch. The wallet is asked for hashes only; whether the bundle was executed is read from the chain, since wallets have
 * called executed batches failed, forgotten ids, and executed what should be atomic in parts.
 * @throws {TrackingStoppedError} when the signal stops the waiting
 */
export async function trackBatch(
  provider: WalletProvider | undefined,
  client: Client,
  {
    batchId,
    bundle,
    deployment,
    request,
    ...patience
  }: {
    readonly batchId: string
    readonly bundle: Bundle
    readonly deployment: Deployment
    readonly request?: StepRequest | undefined
  } & Patience,
): Promise<Tracked> {
  const subject = { account: bundle.account, deployment }
  const decoded = decodeBundle(bundle, deployment)
  let looks = 0
  let emptyLooks = 0
  let hasChainAnswered = false

  const search = async () =>
    request === undefined
      ? undefined
      : findBundleReceipt(client, { ...subject, decoded, fromBlock: request.blockNumber })

  const ask = async (): Promise<Tracked | undefined> => {
    const report = await readReport(provider, batchId)
    looks += 1
    if (report.kind === 'pending' && looks % (searchEvery * 3) !== 0) return undefined
    if (report.kind === 'unsure' && looks % searchEvery !== 1) return undefined
    if (report.kind === 'onChain') {
      const executed = await findExecuted(client, report.hashes, { bundle, decoded, deployment })
      if (executed !== undefined) return { status: 'included', receipt: executed }
    }
    const found = await search()
    hasChainAnswered = true
    if (found !== undefined) return { status: 'included', receipt: found }
    if (report.kind !== 'dropped') return undefined
    // What the wallet gave up may be on its way all the same: only a chain that stays empty bears it out.
    emptyLooks = (await hasNewTransaction(client, bundle.account, request)) ? 0 : emptyLooks + 1
    return emptyLooks >= looksBeforeDropped ? { status: 'notIncluded', cause: 'droppedByWallet' } : undefined
  }

  const { answer, ...ended } = await pollUntil(ask, patience)
  if (answer !== undefined) return answer
  if ('error' in ended && ended.error !== undefined) {
    return { status: 'unresolved', failure: toExecutionFailure(ended.error) }
  }
  const found = await search().catch(() => undefined)
  if (found !== undefined) return { status: 'included', receipt: found }
  return hasChainAnswered && (await isPast(client, decoded.deadline))
    ? { status: 'notIncluded', cause: 'expired' }
    : { status: 'unresolved', failure: 'timeout' }
}

/** Of the transactions that the wallet names: the one that executed the bundle, else one that carried it and reverted. */
async function findExecuted(
  client: Client,
  hashes: readonly Hex[],
  {
    bundle,
    decoded,
    deployment,
  }: { readonly bundle: Bundle; readonly decoded: DecodedBundle; readonly deployment: Deployment },
): Promise<TransactionReceipt | undefined> {
  const receipts = (await Promise.all(hashes.map((hash) => findReceipt(client, hash)))).filter(
    (receipt) => receipt !== undefined,
  )
  const proof = { account: bundle.account, deployment }
  const executed = receipts.find(({ status, logs }) => status === 'success' && provesBundle(logs, decoded, proof))
  if (executed !== undefined) return executed
  for (const receipt of receipts) {
    if (receipt.status === 'reverted' && (await carriesCall(client, receipt, bundle.swap))) return receipt
  }
  return undefined
}

async function readReport(provider: WalletProvider | undefined, batchId: string): Promise<BatchReport> {
  if (provider === undefined) return { kind: 'unsure' }
  try {
    return toBatchReport(await provider.request({ method: 'wallet_getCallsStatus', params: [batchId] }))
  } catch {
    return { kind: 'unsure' }
  }
}
