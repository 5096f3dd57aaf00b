import { getAddress, isAddress, isHex } from 'viem'
import { localChainId } from '@/lib/chain/deployments/local'
import type { Call } from '@/lib/core/bundle'
import type { Hex } from '@/lib/core/units'

/** An error as EIP-1193 has it: decisions are made by its code. */
export class DemoWalletError extends Error {
  override readonly name = 'DemoWalletError'
  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message)
  }
}

/** @throws {DemoWalletError} with this code unless it is the local chain's id in hexadecimal. */
export function checkChainId(chainId: unknown, code: number): void {
  if (isHex(chainId) && Number(chainId) === localChainId) return
  throw new DemoWalletError(code, `The demo wallet works on chain ${localChainId} only.`)
}

/** One call of a transaction or a batch. @throws {DemoWalletError} -32602 when it is malformed. */
export function toCall(value: unknown): Call {
  const { to, data, value: amount } = toRecord(value)
  if (!isText(to) || !isAddress(to, { strict: false })) throw invalid('to must be an address')
  if (data !== undefined && !isBytes(data)) throw invalid('data must be bytes')
  return { to: getAddress(to), data: data ?? '0x', value: amount === undefined ? 0n : toQuantity(amount) }
}

/** @throws {DemoWalletError} -32602 unless it is a hexadecimal quantity. */
export function toQuantity(value: unknown): bigint {
  if (!isText(value) || !/^0x[0-9a-f]+$/i.test(value)) throw invalid('a quantity must be hexadecimal')
  return BigInt(value)
}

function isBytes(value: unknown): value is Hex {
  return isText(value) && /^0x(?:[0-9a-f]{2})*$/i.test(value)
}

/** @throws {DemoWalletError} -32602 unless it is an object. */
export function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('an object was expected')
  return value as Readonly<Record<string, unknown>>
}

/** Whether a parameter is a text. */
export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** Malformed parameters, as JSON-RPC has them. */
export function invalid(defect: string): DemoWalletError {
  return new DemoWalletError(-32602, `Invalid parameters: ${defect}.`)
}
