import {
  type Abi,
  BaseError,
  ContractFunctionRevertedError,
  encodeAbiParameters,
  encodeErrorResult,
  HttpRequestError,
  InsufficientFundsError,
  InternalRpcError,
  parseAbi,
  RpcRequestError,
  TimeoutError,
  TransactionExecutionError,
  UserRejectedRequestError,
} from 'viem'
import { describe, expect, test } from 'vitest'
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
import { decodeRevertReason, toAppError, toExecutionFailure } from './toAppError'

const url = 'http://node.example'

function providerError(code: number | string, message = 'said the wallet', data?: unknown) {
  return Object.assign(new Error(message), { code, data })
}

function rpcError(code: number, message: string, data?: unknown) {
  return new RpcRequestError({ body: {}, url, error: { code, message, data } })
}

function named(name: string) {
  return Object.assign(new Error('of wagmi'), { name })
}

function errorString(reason: string) {
  return encodeErrorResult({ abi: parseAbi(['error Error(string)']), errorName: 'Error', args: [reason] })
}

test('default', () => {
  const error = providerError(4001)
  const translated = toAppError(error)
  expect(translated).toBeInstanceOf(WalletRejectedError)
  expect(translated.cause).toBe(error)
  expect(toExecutionFailure(error)).toBe('rejected')
})

describe('behaviour: codes of wallets', () => {
  test.each([
    [4001, WalletRejectedError, 'rejected'],
    ['4001', WalletRejectedError, 'rejected'],
    ['ACTION_REJECTED', WalletRejectedError, 'rejected'],
    [5000, WalletRejectedError, 'rejected'],
    [5750, WalletRejectedError, 'rejected'],
    [4100, WalletLockedError, 'walletLocked'],
    [4200, BatchUnsupportedError, 'batchUnsupported'],
    [4900, RpcUnreachableError, 'unreachable'],
    [4901, WrongChainError, 'wrongChain'],
    [4902, WrongChainError, 'wrongChain'],
    [5700, BatchUnsupportedError, 'batchUnsupported'],
    [5710, BatchUnsupportedError, 'batchUnsupported'],
    [5720, WalletPendingError, 'walletPending'],
    [5730, UnknownBatchError, 'unknown'],
    [5740, BatchTooLargeError, 'batchTooLarge'],
    [5760, BatchUnsupportedError, 'batchUnsupported'],
    [-32002, WalletPendingError, 'walletPending'],
    [-32004, BatchUnsupportedError, 'batchUnsupported'],
    [-32005, RpcUnreachableError, 'unreachable'],
    [-32601, BatchUnsupportedError, 'batchUnsupported'],
    [-32603, UnknownFailureError, 'unknown'],
  ] as const)('behaviour: %s', (code, Class, failure) => {
    const translated = toAppError(providerError(code))
    expect(translated).toBeInstanceOf(Class)
    expect(translated.failure).toBe(failure)
    const plain = toAppError({ code, message: 'a plain object' })
    expect(plain).toBeInstanceOf(Class)
  })
})

describe('behaviour: the chain of causes', () => {
  test('behaviour: a rejection deep inside viem', () => {
    const inner = new UserRejectedRequestError(new Error('User rejected the request.'))
    const error = new TransactionExecutionError(inner, { account: null } as never)
    expect(toAppError(error)).toBeInstanceOf(WalletRejectedError)
  })

  test('behaviour: -32603 that hides a rejection in data.originalError', () => {
    const error = providerError(-32603, 'Internal JSON-RPC error.', { originalError: { code: 4001, message: 'no' } })
    expect(toAppError(error)).toBeInstanceOf(WalletRejectedError)
  })

  test('behaviour: -32603 of viem with the 5792 code in its cause', () => {
    expect(toAppError(new InternalRpcError(rpcError(5710, 'chain not supported')))).toBeInstanceOf(
      BatchUnsupportedError,
    )
  })

  test('behaviour: causes that form a ring end', () => {
    const error: { cause?: unknown; message: string } = { message: 'a ring' }
    error.cause = { cause: error, code: 4100 }
    expect(toAppError(error)).toBeInstanceOf(WalletLockedError)
  })

  test('behaviour: our own errors pass unchanged, wrapped or not', () => {
    const own = new WrongChainError({ expected: 1, actual: 31337 })
    expect(toAppError(own)).toBe(own)
    expect(toAppError(new Error('outer', { cause: own }))).toBe(own)
  })
})

describe('behaviour: reverts', () => {
  test.each([
    ['Transaction too old', 'deadlinePassed'],
    ['Too little received', 'quoteMoved'],
    ['Insufficient WETH9', 'quoteMoved'],
    ['STF', 'balanceChanged'],
    ['UniswapV2: K', 'simulationFailed'],
    ['toString', 'simulationFailed'],
  ] as const)('behaviour: %s means %s', (reason, failure) => {
    const translated = toAppError(rpcError(3, `execution reverted: ${reason}`, errorString(reason)))
    expect(translated).toBeInstanceOf(CallRevertedError)
    expect(translated).toMatchObject({ reason, failure })
  })

  test.each([
    ['TransactionDeadlinePassed', [], 'deadlinePassed'],
    ['V2TooLittleReceived', [], 'quoteMoved'],
    ['V3TooLittleReceived', [], 'quoteMoved'],
    ['V4TooLittleReceived', [5n, 4n], 'quoteMoved'],
    ['InsufficientToken', [], 'quoteMoved'],
    ['InsufficientETH', [], 'quoteMoved'],
    ['InsufficientAllowance', [5n], 'balanceChanged'],
    ['AllowanceExpired', [5n], 'balanceChanged'],
  ] as const)('behaviour: the error %s of a router means %s %s', (errorName, args, failure) => {
    const data = encodeErrorResult({ abi: routerErrorsAbi as Abi, errorName, args })
    const translated = toAppError(rpcError(3, 'execution reverted', data))
    expect(translated).toMatchObject({ name: 'CallRevertedError', reason: errorName, failure })
  })

  test('behaviour: the data counts, not the text', () => {
    const error = rpcError(3, 'execution reverted: something else', errorString('STF'))
    expect(toAppError(error)).toMatchObject({ reason: 'STF' })
  })

  test('behaviour: without data the text after "execution reverted"', () => {
    expect(toAppError(rpcError(3, 'execution reverted: Too little received'))).toMatchObject({ failure: 'quoteMoved' })
    expect(toAppError(rpcError(3, 'execution reverted'))).toMatchObject({ reason: 'no reason given' })
  })

  test('behaviour: a wallet that wraps the revert in -32603', () => {
    const error = providerError(-32603, 'Internal JSON-RPC error.', { code: 3, data: errorString('STF') })
    expect(toAppError(error)).toMatchObject({ name: 'CallRevertedError', reason: 'STF' })
  })

  test('behaviour: viem ContractFunctionRevertedError', () => {
    const error = new ContractFunctionRevertedError({ abi: [], data: errorString('STF'), functionName: 'multicall' })
    expect(toAppError(new BaseError('call failed', { cause: error }))).toMatchObject({ reason: 'STF' })
  })

  test('behaviour: panics and unknown errors', () => {
    const panic = `0x4e487b71${encodeAbiParameters([{ type: 'uint256' }], [17n]).slice(2)}` as const
    expect(decodeRevertReason(panic)).toBe('panic 17')
    expect(decodeRevertReason('0xdeadbeef')).toBe('error 0xdeadbeef')
    expect(decodeRevertReason('0x08c379a0ff')).toBe('error 0x08c379a0')
    expect(decodeRevertReason('0x')).toBe('no reason given')
  })
})

describe('behaviour: nodes', () => {
  test('behaviour: lack of funds, by class and in words', () => {
    expect(toAppError(new InsufficientFundsError({}))).toBeInstanceOf(InsufficientGasError)
    for (const words of [
      'insufficient funds for gas * price + value: have 1 want 2',
      'Insufficient funds for gas * price + value',
    ]) {
      expect(toAppError(rpcError(-32000, words))).toBeInstanceOf(InsufficientGasError)
      expect(toAppError(rpcError(-32003, words))).toBeInstanceOf(InsufficientGasError)
      expect(toAppError(providerError(-32603, 'Internal', { code: -32000, message: words }))).toBeInstanceOf(
        InsufficientGasError,
      )
    }
  })

  test('behaviour: HTTP failures', () => {
    expect(toAppError(new HttpRequestError({ url, status: 503 }))).toMatchObject({ status: 503 })
    expect(toAppError(new HttpRequestError({ url, cause: new TypeError('fetch failed') }))).toBeInstanceOf(
      RpcUnreachableError,
    )
    expect(toAppError(new HttpRequestError({ url, cause: new SyntaxError('Unexpected token <') }))).toBeInstanceOf(
      RpcResponseError,
    )
    expect(toAppError(rpcError(429, 'slow down'))).toMatchObject({ status: 429 })
  })

  test('behaviour: time-outs and cancellation', () => {
    expect(toAppError(new TimeoutError({ body: {}, url }))).toBeInstanceOf(RequestTimeoutError)
    expect(toAppError(new DOMException('late', 'TimeoutError'))).toBeInstanceOf(RequestTimeoutError)
    expect(toAppError(named('WaitForTransactionReceiptTimeoutError'))).toBeInstanceOf(RequestTimeoutError)
    expect(toAppError(new DOMException('stop', 'AbortError'))).toBeInstanceOf(RequestCancelledError)
  })
})

describe('behaviour: wagmi', () => {
  test.each([
    ['ConnectorNotConnectedError', WalletLockedError],
    ['ProviderNotFoundError', WalletLockedError],
    ['ConnectorAccountNotFoundError', WrongAccountError],
    ['ConnectorChainMismatchError', WrongChainError],
    ['ChainNotConfiguredError', WrongChainError],
    ['SwitchChainNotSupportedError', WrongChainError],
    ['ChainMismatchError', WrongChainError],
  ] as const)('behaviour: %s', (name, Class) => {
    expect(toAppError(named(name))).toBeInstanceOf(Class)
  })
})

describe('behaviour: what is no error', () => {
  test.each([[undefined], [null], ['the wallet said no'], [42], [{}], [[]], [{ code: {} }]])(
    'behaviour: %j',
    (thrown) => {
      const translated = toAppError(thrown)
      expect(translated).toBeInstanceOf(UnknownFailureError)
      expect(translated).toBeInstanceOf(AppError)
      expect(translated.failure).toBe('unknown')
    },
  )

  test('behaviour: a huge message is cut', () => {
    expect(toAppError(new Error('x'.repeat(1_000_000)))).toMatchObject({ details: 'x'.repeat(300) })
  })
})
