import { type Address, type Client, isAddressEqual, type TransactionReceipt } from 'viem'
import { getTransaction, getTransactionCount } from 'viem/actions'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Call, DecodedApproval, DecodedBundle } from '@/lib/core/bundle'
import type { ExecutionStep, StepState } from '@/lib/core/execution/execution'
import {
  type ChainHead,
  judgeTransaction,
  type StepFact,
  type TransactionSighting,
} from '@/lib/core/execution/reconcileStep'
import type { Hex } from '@/lib/core/units'
import { showsApproval } from './approvalEvents'
import { findBundleReceipt, findReceipt, provesBundle, readRevertReason } from './chainReads'
import { hasCall, isCancel, isSameCall, type OwnTransaction, openOwnTransactions } from './ownTransactions'
import { isKnownToWallet } from './walletNode'

/** What a step's transaction is recognised by. */
export type TransactionSubject = {
  readonly account: Address
  readonly call: Call
  /** What its logs must show: all sales of a bundle; an approval, unless it is the very call; nothing but the call. */
  readonly effect:
    | { readonly kind: 'swap'; readonly decoded: DecodedBundle; readonly deployment: Deployment }
    | { readonly kind: 'approval'; readonly approval: DecodedApproval; readonly deployment: Deployment }
    | { readonly kind: 'call' }
  /** Unix seconds after which the call can only revert, where it has one. */
  readonly deadline: number | undefined
}

/** One look: what the chain says of a step, and the nonce of its transaction where a node knows it. */
export type Look = { readonly fact: StepFact; readonly nonce?: number }

/** After a reorganisation, what was mined may come back in a block before the one in which it was asked for. */
const reorganisedBlocks = 64n

/** From where on a step's transactions are searched. */
export function searchedFrom({ request, undone }: ExecutionStep): bigint | undefined {
  if (request === undefined || undone === undefined) return request?.blockNumber
  return request.blockNumber > reorganisedBlocks ? request.blockNumber - reorganisedBlocks : 0n
}

/** Every hash under which something of a step was ever seen. */
export function hashesOf({ state, undone = [] }: ExecutionStep): readonly Hex[] {
  const hashes = new Set(undone.map(({ txHash }) => txHash))
  if ('id' in state && state.id.kind === 'transaction') hashes.add(state.id.hash)
  if ('txHash' in state && state.txHash !== undefined) hashes.add(state.txHash)
  return [...hashes]
}

/**
 * Looks for a transaction by its hash, and by account and nonce should it have been sped up (same call, other hash) or replaced. What
 * one look learns makes the next cheaper.
 * @param witness the wallet, whose own node is asked before a transaction is called missing
 */
export function openTransactionLook(
  client: Client,
  { account, call, effect, deadline }: TransactionSubject,
  witness: WalletProvider | undefined,
): (step: ExecutionStep, head: ChainHead) => Promise<Look> {
  const listOwn = openOwnTransactions(client, account)
  let missingSince: bigint | undefined
  let searchedHead: Hex | undefined

  const toOwn = async (receipt: TransactionReceipt, state: StepState): Promise<TransactionSighting['own']> => {
    const { transactionHash: txHash, blockNumber, blockHash } = receipt
    const mark = { txHash, blockNumber, blockHash }
    if (receipt.status === 'success') {
      return (await isAsAgreed(receipt)) ? { ...mark, outcome: 'asAgreed' } : undefined
    }
    if (state.status === 'reverted' && state.txHash === txHash && state.blockHash === blockHash) {
      return { ...mark, outcome: 'reverted', reason: state.reason }
    }
    const { input } = await getTransaction(client, { hash: txHash })
    if (!hasCall({ input }, call)) return undefined
    return { ...mark, outcome: 'reverted', reason: await readRevertReason(client, receipt) }
  }

  const isAsAgreed = async ({ logs, transactionHash: hash }: TransactionReceipt): Promise<boolean> => {
    const { kind } = effect
    if (kind === 'swap') return provesBundle(logs, effect.decoded, { account, deployment: effect.deployment })
    if (kind === 'approval' && showsApproval(logs, effect.approval, { account, deployment: effect.deployment }))
      return true
    const transaction = await getTransaction(client, { hash })
    return isAddressEqual(transaction.from, account) && isSameCall(transaction, call)
  }

  const findOwn = async (hashes: readonly Hex[], state: StepState): Promise<TransactionSighting['own']> => {
    const receipts = await Promise.all(hashes.map((hash) => findReceipt(client, hash)))
    for (const receipt of receipts) {
      const own = receipt === undefined ? undefined : await toOwn(receipt, state)
      if (own !== undefined) return own
    }
    return undefined
  }

  /** Wallets that are contracts may have named something else than a transaction's hash. */
  const findByEffect = async (
    { blockNumber, blockHash }: ChainHead,
    fromBlock: bigint,
    state: StepState,
  ): Promise<TransactionSighting['own']> => {
    if (effect.kind !== 'swap' || blockNumber <= fromBlock || searchedHead === blockHash) return undefined
    const { decoded, deployment } = effect
    const found = await findBundleReceipt(client, { account, deployment, decoded, fromBlock })
    searchedHead = blockHash
    return found === undefined ? undefined : toOwn(found, state)
  }

  return async (step, head) => {
    const { state, request } = step
    const hashes = hashesOf(step)
    const judge = (sighting: Omit<TransactionSighting, 'head' | 'missingBlocks'>): StepFact => {
      missingSince = undefined
      return judgeTransaction({ head, missingBlocks: 0n, ...sighting }, deadline)
    }
    const byHash = await findOwn(hashes, state)
    if (byHash !== undefined) return { fact: judge({ own: byHash }) }

    const known = (await Promise.all(hashes.map((hash) => findTransaction(client, hash)))).filter(
      (found) => found !== undefined,
    )
    const nonce = known.find(({ from }) => isAddressEqual(from, account))?.nonce ?? step.nonce
    const withNonce = nonce === undefined ? {} : { nonce }
    const afterBlock = searchedFrom(step)
    const least = nonce ?? request?.nonce
    let likelyTaker: OwnTransaction | undefined
    if (request !== undefined && afterBlock !== undefined && least !== undefined) {
      const next = await getTransactionCount(client, { address: account, blockTag: 'latest' })
      const sent = next > least ? (await listOwn(head, afterBlock)).filter((each) => each.nonce >= request.nonce) : []
      const alike = sent.filter((each) => isSameCall(each, call)).map(({ txHash }) => txHash)
      const own = await findOwn(alike, state)
      if (own !== undefined) return { fact: judge({ own }), ...withNonce }
      const taker = sent.find((each) => each.nonce === nonce && !alike.includes(each.txHash))
      if (taker !== undefined) return { fact: judge({ taker: toTaker(taker, account) }), ...withNonce }
      likelyTaker = sent.find((each) => each.nonce === request.nonce)
      if (known.length === 0) {
        const found = await findByEffect(head, request.blockNumber, state)
        if (found !== undefined) return { fact: judge({ own: found }), ...withNonce }
      }
    }
    if (known.length > 0 || (await isSeenByWallet(witness, hashes))) return { fact: judge({}), ...withNonce }
    const isDropped = state.status === 'unresolved' && state.failure === 'dropped'
    missingSince ??= isDropped ? head.blockNumber - reorganisedBlocks : head.blockNumber
    const missingBlocks = head.blockNumber - missingSince
    const fact = judgeTransaction({ head, missingBlocks }, deadline)
    // No node ever showed its nonce. Of what moves no value, it may be said that the first transaction since took its place.
    const isTaken = fact.type === 'open' && fact.isMissing && effect.kind !== 'swap'
    return isTaken && likelyTaker !== undefined
      ? { fact: judge({ taker: toTaker(likelyTaker, account) }) }
      : { fact, ...withNonce }
  }
}

function toTaker(taker: OwnTransaction, account: Address) {
  const { txHash, blockNumber, blockHash } = taker
  return { txHash, blockNumber, blockHash, isCancel: isCancel(taker, account) }
}

async function findTransaction(client: Client, hash: Hex) {
  try {
    return await getTransaction(client, { hash })
  } catch (error) {
    if (error instanceof Error && error.name === 'TransactionNotFoundError') return undefined
    throw error
  }
}

async function isSeenByWallet(witness: WalletProvider | undefined, hashes: readonly Hex[]): Promise<boolean> {
  if (witness === undefined) return false
  return (await Promise.all(hashes.map((hash) => isKnownToWallet(witness, hash)))).includes(true)
}
