import type { Client } from 'viem'
import type { BlockRef } from '@/lib/core/snapshot'
import type { Address, Hex } from '@/lib/core/units'
import {
  AppError,
  CallRevertedError,
  RequestCancelledError,
  RequestTimeoutError,
  RpcResponseError,
  RpcUnreachableError,
  WrongChainError,
} from '../appErrors'
import { toAppError } from '../toAppError'
import { type ContractRead, decodeAggregate3, encodeAggregate3, type ReadResult } from './aggregate3'
import { wordAt } from './words'

/** As much of a viem client as reading needs. */
export type RpcReader = Pick<Client, 'request'>

/** The chain that is read, and when to stop. */
export type ReadContext = {
  readonly chainId: number
  readonly multicall3: Address
  readonly signal?: AbortSignal | undefined
}

type BlockPin = 'latest' | { readonly blockHash: Hex }

/** What became of one `eth_call`: the results of its reads, or the error of the call as a whole. */
export type GroupOutcome =
  | { readonly status: 'read'; readonly results: readonly ReadResult[] }
  | { readonly status: 'failed'; readonly error: AppError }

/** Gas of one `eth_call` of many reads, 30 million: what every node grants, and a bound on what a hostile contract burns. */
const gasOfGroup: Hex = '0x1c9c380'
/** 5 million. */
const gasOfLoneRead: Hex = '0x4c4b40'

/** Errors of a node as reading sees them: unreachable, late, called off, on another chain, or not usable. */
export function toReadError(error: unknown): AppError {
  const translated = error instanceof AppError ? error : toAppError(error)
  const isOfReading =
    translated instanceof RpcUnreachableError ||
    translated instanceof RequestTimeoutError ||
    translated instanceof RequestCancelledError ||
    translated instanceof RpcResponseError ||
    translated instanceof WrongChainError
  if (isOfReading) return translated
  if (translated instanceof CallRevertedError) {
    return new RpcResponseError(`the call failed: ${translated.reason}`, { cause: error })
  }
  return new RpcResponseError(`error ${'code' in translated ? translated.code : translated.name}`, { cause: error })
}

/** Whether the node did answer, and only the call failed. */
function isFailureOfTheCall(error: AppError): boolean {
  return error instanceof RpcResponseError
}

async function ask<T>({ signal }: ReadContext, request: (options: { signal?: AbortSignal }) => Promise<T>): Promise<T> {
  try {
    const answer = await request(signal === undefined ? {} : { signal })
    signal?.throwIfAborted()
    return answer
  } catch (error) {
    if (signal?.aborted === true) throw new RequestCancelledError({ cause: error })
    throw toReadError(error)
  }
}

/** Fails unless the node is on the chain that is read. */
async function readChainId(client: RpcReader, context: ReadContext): Promise<void> {
  const chainId = Number(await ask(context, (options) => client.request({ method: 'eth_chainId' }, options)))
  if (!Number.isSafeInteger(chainId)) throw new RpcResponseError('no chain id')
  if (chainId !== context.chainId) throw new WrongChainError({ expected: context.chainId, actual: chainId })
}

function toBytes(answer: unknown): Hex {
  if (typeof answer === 'string' && answer.startsWith('0x')) return answer as Hex
  throw new RpcResponseError('no bytes')
}

async function readAggregate(
  client: RpcReader,
  context: ReadContext,
  { reads, pin }: { readonly reads: readonly ContractRead[]; readonly pin: BlockPin },
): Promise<readonly ReadResult[]> {
  const call = { to: context.multicall3, data: encodeAggregate3(reads), gas: gasOfGroup }
  const answer = await ask(context, (options) => client.request({ method: 'eth_call', params: [call, pin] }, options))
  try {
    return decodeAggregate3(toBytes(answer), reads.length)
  } catch (error) {
    throw new RpcResponseError('not the results that were asked for', { cause: error })
  }
}

type Witness = {
  readonly chainId: bigint
  readonly number: bigint
  readonly timestamp: bigint
  readonly parentHash: bigint
}

const witnessSelectors: readonly Hex[] = [
  '0x3408e470', // getChainId()
  '0x42cbb15c', // getBlockNumber()
  '0x0f28c97d', // getCurrentBlockTimestamp()
  '0x27e86d6e', // getLastBlockHash()
]

/** Reads together with four that tell which block answered. */
async function readWitnessed(
  client: RpcReader,
  context: ReadContext,
  { reads, pin }: { readonly reads: readonly ContractRead[]; readonly pin: BlockPin },
): Promise<{ readonly witness: Witness; readonly results: readonly ReadResult[] }> {
  const witnesses = witnessSelectors.map((data) => ({ target: context.multicall3, data }))
  const all = await readAggregate(client, context, { reads: [...witnesses, ...reads], pin })
  const [chainId, number, timestamp, parentHash] = all
    .slice(0, witnesses.length)
    .map((result) => (result.success ? wordAt(result.data, 0) : undefined))
  if (chainId === undefined || number === undefined || timestamp === undefined || parentHash === undefined) {
    throw new RpcResponseError('the block of a call is unknown')
  }
  if (chainId !== BigInt(context.chainId)) {
    throw new WrongChainError({ expected: context.chainId, actual: Number(chainId) })
  }
  return { witness: { chainId, number, timestamp, parentHash }, results: all.slice(witnesses.length) }
}

type Header = { readonly block: BlockRef; readonly parentHash: bigint }

function toQuantity(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value) ? BigInt(value) : undefined
}

async function readHeader(client: RpcReader, context: ReadContext): Promise<Header> {
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

async function settle(read: Promise<readonly ReadResult[]>): Promise<GroupOutcome> {
  try {
    return { status: 'read', results: await read }
  } catch (error) {
    const failure = toReadError(error)
    if (isFailureOfTheCall(failure)) return { status: 'failed', error: failure }
    throw failure
  }
}

/**
 * Reads groups of calls, each group as one `eth_call`, at one block that is known by its hash. All are asked at once
 * for the latest block together with its header, and each answer carries what shows its block; where one comes from
 * another block than the header's, it is asked again for exactly that block (EIP-1898).
 * @throws {WrongChainError} when the node is on another chain.
 * @throws {RpcUnreachableError} when no endpoint answers.
 * @throws {RpcResponseError} when an answer cannot be used.
 */
export async function readAtHead(
  client: RpcReader,
  context: ReadContext,
  groups: readonly (readonly ContractRead[])[],
): Promise<{ readonly block: BlockRef; readonly outcomes: readonly GroupOutcome[] }> {
  const atLatest = groups.map((reads) =>
    readWitnessed(client, context, { reads, pin: 'latest' }).catch((error: unknown) => toReadError(error)),
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
  if (answers.length > 0 && answers.every((answer) => answer instanceof Error)) {
    // Nothing here tells which chain this is: on another one Multicall3 may be missing.
    await readChainId(client, context)
    throw answers.find((answer) => answer instanceof Error)
  }
  const { block, parentHash } = header
  const pin = { blockHash: block.hash }
  const outcomes = answers.map((answer, index): GroupOutcome | Promise<GroupOutcome> => {
    if (answer instanceof Error) return { status: 'failed', error: answer }
    const { witness, results } = answer
    const isOfThisBlock =
      witness.number === block.number &&
      witness.timestamp === BigInt(block.timestamp) &&
      witness.parentHash === parentHash
    if (isOfThisBlock) return { status: 'read', results }
    return settle(readAggregate(client, context, { reads: groups[index] ?? [], pin }))
  })
  return { block, outcomes: await Promise.all(outcomes) }
}

/** Reads groups of calls at the block of a hash, each group as one `eth_call`, all at once. */
export async function readAtBlock(
  client: RpcReader,
  context: ReadContext,
  { groups, blockHash }: { readonly groups: readonly (readonly ContractRead[])[]; readonly blockHash: Hex },
): Promise<readonly GroupOutcome[]> {
  return Promise.all(groups.map((reads) => settle(readAggregate(client, context, { reads, pin: { blockHash } }))))
}

/**
 * Reads each call as an `eth_call` of its own with little gas, all at once: one contract that burns its gas or returns
 * megabytes spoils only its own answer.
 */
export async function readEachAlone(
  client: RpcReader,
  context: ReadContext,
  { reads, blockHash }: { readonly reads: readonly ContractRead[]; readonly blockHash: Hex },
): Promise<readonly ReadResult[]> {
  const readAlone = async ({ target, data }: ContractRead): Promise<ReadResult> => {
    try {
      const call = { to: target, data, gas: gasOfLoneRead }
      const answer = await ask(context, (options) =>
        client.request({ method: 'eth_call', params: [call, { blockHash }] }, options),
      )
      return { success: true, data: toBytes(answer) }
    } catch (error) {
      const failure = toReadError(error)
      if (isFailureOfTheCall(failure)) return { success: false, data: '0x' }
      throw failure
    }
  }
  return Promise.all(reads.map(readAlone))
}
