import { expect, test } from 'vitest'
import { BatchTooLargeError, BatchUnsupportedError, RequestTimeoutError } from '@/lib/chain/appErrors'
import { toRequestError, UncertainRequestError } from './requestErrors'

const coded = (code: number, message = 'no') => Object.assign(new Error(message), { code })

test('default', () => {
  for (const method of ['wallet_sendCalls', 'eth_sendTransaction'] as const) {
    expect(toRequestError(coded(4001), method)).toMatchObject({ failure: 'rejected' })
  }
})

test('error: UncertainRequestError, an error that does not say that nothing was sent', () => {
  const cases = [
    [coded(-32603, 'something'), 'unknown'],
    [new RequestTimeoutError(), 'timeout'],
    [coded(-32005, 'limit exceeded'), 'unreachable'],
  ] as const
  for (const method of ['wallet_sendCalls', 'eth_sendTransaction'] as const) {
    for (const [error, failure] of cases) {
      const known = toRequestError(error, method)
      expect(known).toBeInstanceOf(UncertainRequestError)
      expect(known).toMatchObject({ failure, method, cause: error })
    }
  }
})

test('behaviour: malformed parameters mean that a wallet knows no batches, not that a transaction was not sent', () => {
  const error = coded(-32602, 'version')
  expect(toRequestError(error, 'wallet_sendCalls')).toBeInstanceOf(BatchUnsupportedError)
  expect(toRequestError(error, 'eth_sendTransaction')).toBeInstanceOf(UncertainRequestError)
})

test('behaviour: what a wallet says of batches counts for batches only', () => {
  for (const error of [new BatchTooLargeError(), new BatchUnsupportedError(5700)]) {
    expect(toRequestError(error, 'wallet_sendCalls')).toBe(error)
    expect(toRequestError(error, 'eth_sendTransaction')).toMatchObject({
      ...{ name: 'UncertainRequestError', failure: 'unknown', cause: error },
    })
  }
})
