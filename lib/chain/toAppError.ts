import { type Abi, BaseError } from 'viem'
import { decodeErrorResult, getNodeError } from 'viem/utils'
import type { ExecutionFailure } from '@/lib/core/execution/execution'
import type { Hex } from '@/lib/core/units'
import { routerErrorsAbi } from './abis'
import {
  AppError,
  BatchTooLargeError,
  BatchUnsupportedError,
  CallRevertedError,
  InsufficientGasError,
  RequestCancelledError,
  RequestTimeoutError,
  RpcResponseError,
  RpcUnreachableError,
  UnknownBatchError,
  UnknownFailureError,
  WalletLockedError,
  WalletPendingError,
  WalletRejectedError,
  WrongAccountError,
  WrongChainError,
} from './appErrors'

type Link = Readonly<Record<string, unknown>>
type Translate = (options: ErrorOptions) => AppError

const depthLimit = 20
const detailsLimit = 300

function isObject(value: unknown): value is Link {
  return typeof value === 'object' && value !== null
}

/**
 * The error and everything it wraps, outermost first. Besides `cause`, wallets hide the real error in `data`,
 * `data.originalError`, `data.cause`, `error` and `info.error`.
 */
function listLinks(error: unknown): readonly Link[] {
  const links: Link[] = []
  const visit = (value: unknown) => {
    if (!isObject(value) || links.includes(value) || links.length >= depthLimit) return
    links.push(value)
    const info = value.info
    for (const inner of [value.cause, value.data, value.originalError, value.error]) visit(inner)
    if (isObject(info)) visit(info.error)
  }
  visit(error)
  return links
}

/** The code of an error: an integer, which some wallets write as text. `ACTION_REJECTED` is what ethers makes of 4001. */
function codeOf({ code }: Link): number | undefined {
  if (code === 'ACTION_REJECTED') return 4001
  const value = typeof code === 'string' && /^-?\d+$/.test(code) ? Number(code) : code
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}

function nameOf({ name }: Link): string {
  return typeof name === 'string' ? name : ''
}

function textOf(error: unknown): string {
  if (typeof error === 'string') return error.slice(0, detailsLimit)
  if (!isObject(error)) return String(error).slice(0, detailsLimit)
  const text = [error.details, error.shortMessage, error.message].find((part) => typeof part === 'string')
  return typeof text === 'string' ? text.slice(0, detailsLimit) : ''
}

/** Failures by code (EIP-1193, EIP-1474, EIP-5792), the innermost of which matters least. */
const byCode: Readonly<Record<number, Translate>> = {
  4100: (options) => new WalletLockedError(4100, options),
  4200: (options) => new BatchUnsupportedError(4200, options),
  4900: (options) => new RpcUnreachableError(undefined, options),
  4901: (options) => new WrongChainError({}, options),
  4902: (options) => new WrongChainError({}, options),
  5700: (options) => new BatchUnsupportedError(5700, options),
  5710: (options) => new BatchUnsupportedError(5710, options),
  5720: (options) => new WalletPendingError(5720, options),
  5730: (options) => new UnknownBatchError(options),
  5740: (options) => new BatchTooLargeError(options),
  5760: (options) => new BatchUnsupportedError(5760, options),
  429: (options) => new RpcUnreachableError(429, options),
  [-32002]: (options) => new WalletPendingError(-32002, options),
  [-32004]: (options) => new BatchUnsupportedError(-32004, options),
  [-32005]: (options) => new RpcUnreachableError(429, options),
  [-32007]: (options) => new RpcUnreachableError(429, options),
  [-32601]: (options) => new BatchUnsupportedError(-32601, options),
}

/** Failures by class. Names stand for classes, since a wallet's library may come in two copies. */
const byName: Readonly<Record<string, Translate>> = {
  AbortError: (options) => new RequestCancelledError(options),
  ChainNotConfiguredError: (options) => new WrongChainError({}, options),
  ChainMismatchError: (options) => new WrongChainError({}, options),
  ConnectorChainMismatchError: (options) => new WrongChainError({}, options),
  SwitchChainNotSupportedError: (options) => new WrongChainError({}, options),
  ConnectorAccountNotFoundError: (options) => new WrongAccountError(options),
  ConnectorNotConnectedError: (options) => new WalletLockedError(undefined, options),
  ConnectorNotFoundError: (options) => new WalletLockedError(undefined, options),
  ConnectorUnavailableReconnectingError: (options) => new WalletLockedError(undefined, options),
  ProviderNotFoundError: (options) => new WalletLockedError(undefined, options),
  InsufficientFundsError: (options) => new InsufficientGasError(options),
  TimeoutError: (options) => new RequestTimeoutError(options),
  WaitForTransactionReceiptTimeoutError: (options) => new RequestTimeoutError(options),
  WaitForCallsStatusTimeoutError: (options) => new RequestTimeoutError(options),
  ResponseBodyTooLargeError: (options) => new RpcResponseError('too large', options),
  SyntaxError: (options) => new RpcResponseError('not JSON', options),
  SocketClosedError: (options) => new RpcUnreachableError(undefined, options),
  WebSocketRequestError: (options) => new RpcUnreachableError(undefined, options),
}

function pick<Key extends string | number>(
  table: Readonly<Record<Key, Translate>>,
  key: Key | undefined,
): Translate | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
}

const rejectionCodes: ReadonlySet<number> = new Set([4001, 5000, 5750])
const revertCodes: ReadonlySet<number> = new Set([3, -32000, -32015, -32603])
const revertNames: ReadonlySet<string> = new Set([
  'ContractFunctionRevertedError',
  'ExecutionRevertedError',
  'RawContractError',
])

function isBytes(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x(?:[0-9a-fA-F]{2})*$/.test(value)
}

/**
 * Reads what a contract says when it reverts: the text of `Error(string)`, the code of `Panic(uint256)`, the name of an error of
 * the Universal Router or Permit2, else the selector of its own error. Without data there is nothing to read.
 */
export function decodeRevertReason(data: Hex): string {
  if (data.length < 10) return 'no reason given'
  try {
    const { errorName, args } = decodeErrorResult({ abi: routerErrorsAbi as Abi, data })
    const [argument] = args ?? []
    if (errorName === 'Error' && typeof argument === 'string') return argument.slice(0, detailsLimit)
    if (errorName === 'Panic') return `panic ${String(argument)}`
    return errorName
  } catch {
    return `error ${data.slice(0, 10)}`
  }
}

function findRevert(links: readonly Link[]): string | undefined {
  const reverts = links.filter((link) => {
    const code = codeOf(link)
    return revertNames.has(nameOf(link)) || (code !== undefined && revertCodes.has(code))
  })
  const data = reverts
    .flatMap((link) => [link.raw, link.data, isObject(link.data) ? link.data.data : undefined])
    .find((bytes): bytes is Hex => isBytes(bytes) && bytes.length >= 10)
  if (data !== undefined) return decodeRevertReason(data)
  const sure = reverts.find((link) => codeOf(link) === 3 || revertNames.has(nameOf(link)))
  if (sure === undefined) return undefined
  const spoken = reverts.map((link) => link.reason).find((reason) => typeof reason === 'string')
  const text = typeof spoken === 'string' ? spoken : textOf(reverts.find((link) => codeOf(link) === 3) ?? sure)
  const reason = text.replace(/^.*?(?:execution reverted|reverted with reason(?: string)?):? ?/i, '').replace(/\.$/, '')
  return reason === '' ? 'no reason given' : reason.slice(0, detailsLimit)
}

/** Nodes name the lack of funds only in words; viem knows the words of each. */
function isShortOfFunds(error: unknown, links: readonly Link[]): boolean {
  return links.some((link) => {
    const code = codeOf(link)
    if (code !== undefined && code !== -32000 && code !== -32003 && code !== -32603) return false
    if (link instanceof BaseError) return getNodeError(link, {}).name === 'InsufficientFundsError'
    if (code === undefined && link !== error) return false
    const spoken = new BaseError(textOf(link), { details: textOf(link) })
    return getNodeError(spoken, {}).name === 'InsufficientFundsError'
  })
}

/**
 * Turns whatever a wallet, a node, viem or wagmi threw into one of our classes: by class, then by code, down the chain
 * of causes. Our own errors pass unchanged.
 */
export function toAppError(error: unknown): AppError {
  const options: ErrorOptions = { cause: error }
  const links = listLinks(error)
  const own = links.find((link) => link instanceof AppError)
  if (own instanceof AppError) return own

  const rejection = links.map(codeOf).find((code) => code !== undefined && rejectionCodes.has(code))
  if (rejection !== undefined) return new WalletRejectedError(rejection, options)
  if (links.some((link) => nameOf(link) === 'UserRejectedRequestError')) return new WalletRejectedError(4001, options)

  const reason = findRevert(links)
  if (reason !== undefined) return new CallRevertedError(reason, options)
  if (isShortOfFunds(error, links)) return new InsufficientGasError(options)

  for (const link of links) {
    const translate = pick(byName, nameOf(link)) ?? pick(byCode, codeOf(link))
    if (translate !== undefined) return translate(options)
  }
  const http = links.find((link) => nameOf(link) === 'HttpRequestError')
  if (http !== undefined) {
    const status = http.status
    return new RpcUnreachableError(typeof status === 'number' ? status : undefined, options)
  }
  const code = links.map(codeOf).find((known) => known !== undefined)
  return new UnknownFailureError(code, textOf(error), options)
}

/** The word that an execution keeps of an error. */
export function toExecutionFailure(error: unknown): ExecutionFailure {
  return toAppError(error).failure
}
