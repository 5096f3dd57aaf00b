import { type Address, type Client, isHash, type TransactionReceipt } from 'viem'
import { getTransaction, getTransactionCount } from 'viem/actions'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Bundle, DecodedBundle } from '@/lib/core/bundle'
import type { ExecutionStep, StepRequest, StepState } from '@/lib/core/execution/execution'
import { type BatchSighting, type ChainHead, judgeBatch, type MinedMark } from '@/lib/core/execution/reconcileStep'
import type { Hex } from '@/lib/core/units'
import { findApprovals, type ShownApproval, showsApproval } from './approvalEvents'
import { findBundleReceipt, findReceipt, provesBundle, readRevertReason } from './chainReads'
import { hashesOf, type Look, searchedFrom } from './lookAtTransaction'
import { hasCall, isCancel, type OwnTransaction, openOwnTransactions } from './ownTransactions'
import { answerWithin } from './patience'

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

/** How many looks must show nothing of the account on its way before a batch that the wallet gave up counts as never sent. */
const looksBeforeDropped = 3

/** A wallet that does not say within this time what became of a batch is asked again at the next look. */
const reportPatienceMs = 3_000

/** What a batch is recognised by. */
export type BatchSubject = {
  readonly account: Address
  readonly deployment: Deployment
  readonly bundle: Bundle
  readonly decoded: DecodedBundle
}

/**
 * Looks for a batch. The wallet is asked for hashes only; what ran is read from the chain, since wallets have called executed batches
 * failed, forgotten ids, and executed what should be atomic in parts.
 */
export function openBatchLook(
  client: Client,
  { account, deployment, bundle, decoded }: BatchSubject,
  provider: WalletProvider | undefined,
): (step: ExecutionStep, head: ChainHead) => Promise<Look> {
  const proof = { account, deployment }
  const listOwn = openOwnTransactions(client, account)
  const named = new Set<Hex>()
  let emptyLooks = 0

  /** The transaction that shows the swaps, or carried them and reverted. */
  const findExecuted = async (hashes: Iterable<Hex>): Promise<TransactionReceipt | undefined> => {
    const receipts = (await Promise.all([...hashes].map((hash) => findReceipt(client, hash)))).filter(
      (receipt) => receipt !== undefined,
    )
    const executed = receipts.find(({ status, logs }) => status === 'success' && provesBundle(logs, decoded, proof))
    if (executed !== undefined) return executed
    for (const receipt of receipts.filter(({ status }) => status === 'reverted')) {
      const { input } = await getTransaction(client, { hash: receipt.transactionHash })
      if (hasCall({ input }, bundle.swap)) return receipt
    }
    return undefined
  }

  /** Approvals that were made apart from a transaction, and are not among its own. */
  const findApart = async (fromBlock: bigint, receipt?: TransactionReceipt): Promise<readonly ShownApproval[]> => {
    const missing = decoded.approvals.filter(
      (approval) => receipt === undefined || !showsApproval(receipt.logs, approval, proof),
    )
    if (missing.length === 0) return []
    const shown = await findApprovals(client, { ...proof, approvals: decoded.approvals, fromBlock })
    return shown.filter(
      ({ callIndex, txHash, blockNumber }) =>
        missing.some((approval) => approval === decoded.approvals[callIndex]) &&
        (receipt === undefined || (txHash !== receipt.transactionHash && blockNumber <= receipt.blockNumber)),
    )
  }

  /** An allowance that was only set to 0 may as well be a person's own doing, unless it is clearly the first call of the batch. */
  const isOfBatch = async (shown: readonly ShownApproval[], { nonce }: StepRequest): Promise<boolean> => {
    const [first] = shown
    if (first === undefined) return false
    if (shown.some(({ callIndex }) => decoded.approvals[callIndex]?.amount !== 0n)) return true
    if (named.has(first.txHash)) return true
    const transaction = await getTransaction(client, { hash: first.txHash })
    return first.callIndex === 0 && transaction.nonce === nonce
  }

  /** What blocks show; it changes only with a new block or a new hash. */
  const search = async (step: ExecutionStep, head: ChainHead) => {
    const { request } = step
    const afterBlock = searchedFrom(step)
    const isLater = request !== undefined && afterBlock !== undefined && head.blockNumber > afterBlock
    const next = isLater ? await getTransactionCount(client, { address: account, blockTag: 'latest' }) : 0
    const own =
      isLater && next > request.nonce
        ? (await listOwn(head, afterBlock)).filter(({ nonce }) => nonce >= request.nonce)
        : []
    const carrying = own.filter((each) => hasCall(each, bundle.swap)).map(({ txHash }) => txHash)
    const byHash = await findExecuted(new Set([...hashesOf(step), ...named, ...carrying]))
    const fromBlock = request?.blockNumber
    const isSearched = byHash?.status !== 'success' && fromBlock !== undefined && head.blockNumber > fromBlock
    const byLogs = isSearched ? await findBundleReceipt(client, { ...proof, decoded, fromBlock }) : undefined
    const receipt = byLogs ?? byHash
    const executed = receipt?.status === 'success' ? receipt : undefined
    const apart = fromBlock !== undefined && head.blockNumber > fromBlock ? await findApart(fromBlock, executed) : []
    const isBroken = executed === undefined && request !== undefined && (await isOfBatch(apart, request))
    return { receipt, apart, isBroken, taker: own.find(({ nonce }) => nonce === request?.nonce) }
  }
  let last: { readonly key: string; readonly found: Awaited<ReturnType<typeof search>> } | undefined

  return async (step, head) => {
    const { state } = step
    const report = await readReport(provider, state)
    if (report.kind === 'onChain') for (const hash of report.hashes) named.add(hash)
    const key = [head.blockHash, ...named, ...hashesOf(step)].join()
    if (last?.key !== key) last = { key, found: await search(step, head) }
    const { receipt, apart, isBroken, taker } = last.found

    const judge = (sighting: Omit<BatchSighting, 'head'>): Look => {
      return { fact: judgeBatch({ head, ...sighting }, decoded.deadline) }
    }
    if (receipt?.status === 'success') {
      return judge({ own: { ...markOf(receipt), splitHashes: distinct(apart) }, isGivenUp: false })
    }
    const reverted =
      receipt === undefined
        ? {}
        : { reverted: { ...markOf(receipt), reason: await readReason(client, receipt, state) } }
    if (isBroken) return judge({ executed: toExecuted(apart), ...reverted, isGivenUp: false })
    // What the wallet gave up may be on its way all the same: only an account with nothing on its way bears it out.
    const isQuiet = report.kind === 'dropped' && (await isNothingWaiting(client, account))
    emptyLooks = isQuiet ? emptyLooks + 1 : 0
    return judge({
      ...reverted,
      isGivenUp: emptyLooks >= looksBeforeDropped || isGivenUp(state),
      ...(taker === undefined ? {} : { taker: { ...toMark(taker), isCancel: isCancel(taker, account) } }),
    })
  }
}

/** Whether the wallet gave a batch up before, and the chain bore it out. */
function isGivenUp(state: StepState): boolean {
  return state.status === 'notIncluded' && state.cause !== 'expired'
}

/** Whether all that an account has sent is in a block. */
async function isNothingWaiting(client: Client, address: Address): Promise<boolean> {
  const [latest, pending] = await Promise.all([
    getTransactionCount(client, { address, blockTag: 'latest' }),
    getTransactionCount(client, { address, blockTag: 'pending' }),
  ])
  return pending <= latest
}

function markOf({ transactionHash: txHash, blockNumber, blockHash }: TransactionReceipt): MinedMark {
  return { txHash, blockNumber, blockHash }
}

function toMark({ txHash, blockNumber, blockHash }: OwnTransaction): MinedMark {
  return { txHash, blockNumber, blockHash }
}

function distinct(shown: readonly ShownApproval[]): readonly Hex[] {
  return [...new Set(shown.map(({ txHash }) => txHash))]
}

function toExecuted(shown: readonly ShownApproval[]): NonNullable<BatchSighting['executed']> {
  const newest = shown.reduce((last, each) => (each.blockNumber > last.blockNumber ? each : last))
  const { blockNumber, blockHash } = newest
  return { blockNumber, blockHash, calls: shown.map(({ callIndex, txHash }) => ({ callIndex, txHash })) }
}

async function readReason(client: Client, receipt: TransactionReceipt, state: StepState): Promise<string> {
  const isKnown =
    state.status === 'reverted' && state.txHash === receipt.transactionHash && state.blockHash === receipt.blockHash
  return isKnown ? state.reason : readRevertReason(client, receipt)
}

async function readReport(provider: WalletProvider | undefined, state: StepState): Promise<BatchReport> {
  if (provider === undefined || !('id' in state) || state.id.kind !== 'batch') return { kind: 'unsure' }
  const { batchId } = state.id
  try {
    const asked = Promise.resolve(provider.request({ method: 'wallet_getCallsStatus', params: [batchId] }))
    return toBatchReport(await answerWithin(asked, reportPatienceMs))
  } catch {
    return { kind: 'unsure' }
  }
}
