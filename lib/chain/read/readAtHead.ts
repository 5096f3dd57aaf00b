import type { BlockRef } from '@/lib/core/snapshot'
import { AppError, RpcResponseError, WrongChainError } from '../appErrors'
import type { ContractRead, ReadResult } from './aggregate3'
import { readEachAlone } from './readApart'
import {
  ask,
  type GroupOutcome,
  isFailureOfTheCall,
  type ReadContext,
  type RpcReader,
  settle,
  toQuantity,
  toReadError,
} from './readCalls'
import { gasOfGroup, type ReadGroup, readWitnessed } from './readWitnessed'

/** Fails unless the node is on the chain that is read. */
async function readChainId(client: RpcReader, context: ReadContext): Promise<void> {
  const chainId = Number(await ask(context, (options) => client.request({ method: 'eth_chainId' }, options)))
  if (!Number.isSafeInteger(chainId)) throw new RpcResponseError('no chain id')
  if (chainId !== context.chainId) throw new WrongChainError({ expected: context.chainId, actual: chainId })
}

/** The newest block of a node. */
export type Header = { readonly block: BlockRef; readonly parentHash: bigint }

/** Reads the newest block. */
export async function readHeader(client: RpcReader, context: ReadContext): Promise<Header> {
  const header = await ask(context, (options) =>
    client.request({ method: 'eth_getBlockByNumber', params: ['latest', false] }, options),
  )
  const number = toQuantity(header?.number)
  const timestamp = toQuantity(header?.timestamp)
  const parentHash = toQuantity(header?.parentHash)
  const hash = header?.hash
  if (!hash || number === undefined || timestamp === undefined || parentHash === undefined) {
    throw new RpcResponseError('no latest block')
  }
  const baseFeePerGas = toQuantity(header.baseFeePerGas) ?? 0n
  return { block: { number, hash, timestamp: Number(timestamp), baseFeePerGas }, parentHash }
}

/** What was read at the head of the chain, and how to go on at the same block. */
export type HeadReading = {
  readonly block: BlockRef
  readonly outcomes: readonly GroupOutcome[]
  /** As it was, but without Multicall3 where that turned out not to work. */
  readonly context: ReadContext
}

/**
 * Reads groups of calls at one block that is known by its hash. All are asked at once for the latest block together with its header,
 * and each answer carries what shows its block; where one comes from another block than the header's, it is asked again for exactly
 * that block (EIP-1898). Without a Multicall3 that works every call of its groups is asked alone: slower, and the same.
 * @throws {WrongChainError} when the node is on another chain.
 * @throws {RpcUnreachableError} when no endpoint answers.
 * @throws {RpcResponseError} when an answer cannot be used.
 */
export async function readAtHead(
  client: RpcReader,
  context: ReadContext,
  groups: readonly ReadGroup[],
): Promise<HeadReading> {
  const atLatest = groups.map((group) =>
    readWitnessed(client, context, { group, pin: 'latest' }).catch((error: unknown) => toReadError(error)),
  )
  const [header, ...answers] = await Promise.all([
    readHeader(client, context).catch((error: unknown) => toReadError(error)),
    ...atLatest,
  ])
  const wrongChain = answers.find((answer) => answer instanceof WrongChainError)
  if (wrongChain instanceof Error) throw wrongChain
  if (header instanceof Error) throw header
  const broken = answers.find((answer) => answer instanceof AppError && !isFailureOfTheCall(answer))
  if (broken instanceof Error) throw broken
  const failed = (kind: ReadGroup['kind']) =>
    answers.filter((answer, index) => groups[index]?.kind === kind && answer instanceof Error)
  const trustedCount = groups.filter(({ kind }) => kind === 'trusted').length
  const isMulticallBroken = trustedCount > 0 && failed('trusted').length === trustedCount
  if (groups.length > 0 && answers.every((answer) => answer instanceof Error)) {
    // Nothing here tells which chain this is: on another one Multicall3 may be missing.
    await readChainId(client, context)
  }
  const { block, parentHash } = header
  const from: ReadContext = isMulticallBroken ? { ...context, multicall3: undefined } : context
  const outcomes = answers.map((answer, index): GroupOutcome | Promise<GroupOutcome> => {
    const group = groups[index]
    if (group === undefined) return { status: 'read', results: [] }
    if (answer instanceof Error) {
      const isAskedAlone = isMulticallBroken && group.kind === 'trusted'
      return isAskedAlone ? readGroup(client, from, { group, block }) : { status: 'failed', error: answer }
    }
    const { witness, results } = answer
    const isOfThisBlock =
      witness.number === block.number &&
      witness.timestamp === BigInt(block.timestamp) &&
      witness.parentHash === parentHash
    return isOfThisBlock ? { status: 'read', results } : readGroup(client, from, { group, block })
  })
  return { block, outcomes: await Promise.all(outcomes), context: from }
}

/** Reads a group at the block of a hash: nothing of an answer that comes from another block. */
async function readGroup(
  client: RpcReader,
  context: ReadContext,
  { group, block }: { readonly group: ReadGroup; readonly block: BlockAt },
): Promise<GroupOutcome> {
  if (group.kind === 'trusted' && context.multicall3 === undefined) {
    return settleAlone(
      group.reads,
      await readEachAlone(client, context, { reads: group.reads, blockHash: block.hash, gas: gasOfGroup }),
    )
  }
  const reading = readWitnessed(client, context, { group, pin: { blockHash: block.hash } })
  return settle(
    reading.then(({ witness, results }) => {
      const isOfThisBlock = witness.number === block.number && witness.timestamp === BigInt(block.timestamp)
      if (!isOfThisBlock) throw new RpcResponseError('another block than was asked for')
      return results
    }),
  )
}

/** Where no single call was answered, the calls as such failed. */
function settleAlone(reads: readonly ContractRead[], results: readonly ReadResult[]): GroupOutcome {
  return reads.length > 0 && results.every(({ success }) => !success)
    ? { status: 'failed', error: new RpcResponseError('no call was answered') }
    : { status: 'read', results }
}

/** A block as far as it takes to ask for it, and to know it again. */
export type BlockAt = Pick<BlockRef, 'number' | 'hash' | 'timestamp'>

/** Reads groups of calls at a block, each group as one `eth_call`, all at once. */
export async function readAtBlock(
  client: RpcReader,
  context: ReadContext,
  { groups, block }: { readonly groups: readonly ReadGroup[]; readonly block: BlockAt },
): Promise<readonly GroupOutcome[]> {
  return Promise.all(groups.map((group) => readGroup(client, context, { group, block })))
}
