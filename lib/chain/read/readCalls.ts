import type { Client } from 'viem'
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
import type { ReadResult } from './aggregate3'

/** As much of a viem client as reading needs. */
export type RpcReader = Pick<Client, 'request'>

/** The chain that is read, and when to stop. */
export type ReadContext = {
  readonly chainId: number
  /** Missing where the chain has none, or one that does not work: then every call is an `eth_call` of its own. */
  readonly multicall3: Address | undefined
  readonly signal?: AbortSignal | undefined
}

/** The block that an `eth_call` runs at. */
export type BlockPin = 'latest' | { readonly blockHash: Hex }

/** What became of one `eth_call`: the results of its reads, or the error of the call as a whole. */
export type GroupOutcome =
  | { readonly status: 'read'; readonly results: readonly ReadResult[] }
  | { readonly status: 'failed'; readonly error: AppError }

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
export function isFailureOfTheCall(error: AppError): boolean {
  return error instanceof RpcResponseError
}

/** Asks a node, and takes whatever goes wrong for one of our errors. */
export async function ask<T>(
  { signal }: ReadContext,
  request: (options: { signal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  try {
    const answer = await request(signal === undefined ? {} : { signal })
    signal?.throwIfAborted()
    return answer
  } catch (error) {
    if (signal?.aborted === true) throw new RequestCancelledError({ cause: error })
    throw toReadError(error)
  }
}

/** Takes what a node answers for bytes. */
export function toBytes(answer: unknown): Hex {
  if (typeof answer === 'string' && answer.startsWith('0x')) return answer as Hex
  throw new RpcResponseError('no bytes')
}

/** Takes what a node answers for a number. */
export function toQuantity(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value) ? BigInt(value) : undefined
}

/** An `eth_call`. Without a target its data is run as creation code, and what that returns is the answer. */
export async function call(
  client: RpcReader,
  context: ReadContext,
  {
    pin,
    gas,
    ...transaction
  }: { readonly to?: Address; readonly data: Hex; readonly gas: number; readonly pin: BlockPin },
): Promise<Hex> {
  const params = [{ ...transaction, gas: `0x${gas.toString(16)}` }, pin] as never
  return toBytes(await ask(context, (options) => client.request({ method: 'eth_call', params }, options)))
}

/** Takes bytes apart; what does not fit is not what was asked for. */
export function decode<T>(bytes: Hex, decodeBytes: (bytes: Hex) => T): T {
  try {
    return decodeBytes(bytes)
  } catch (cause) {
    throw new RpcResponseError('not the results that were asked for', { cause })
  }
}

/** Tells a call that failed from a node that did. */
export async function settle(read: Promise<readonly ReadResult[]>): Promise<GroupOutcome> {
  try {
    return { status: 'read', results: await read }
  } catch (error) {
    const failure = toReadError(error)
    if (isFailureOfTheCall(failure)) return { status: 'failed', error: failure }
    throw failure
  }
}
