import { createClient, custom } from 'viem'
import { describe, expect, test } from 'vitest'
import { hashCalls } from '@/lib/chain/bundle/hashBundle'
import type { WalletProvider } from '@/lib/chain/wallet/eip1193'
import type { Bundle, Call } from '@/lib/core/bundle'
import type { Hex } from '@/lib/core/units'
import { composeBatchParams, hashBatchParams, requestBatch } from './requestBatch'
import { requestTransaction } from './requestTransaction'

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const target = '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45'
const hash: Hex = `0x${'ab'.repeat(32)}`
const chainId = 1
const call: Call = { to: target, data: '0x1234', value: 7n }
const approval: Call = { to: account, data: '0x5678', value: 0n }
const calls = [approval, call]
const bundle: Bundle = {
  chainId,
  account,
  approvals: [approval],
  swap: call,
  deadline: 9,
  hash: hashCalls({ account, chainId, calls }),
}

/** A wallet on Ethereum, and what it was asked to send. */
function openWallet(answers: Readonly<Record<string, unknown>> = {}) {
  const sent: { readonly method: string; readonly params?: unknown }[] = []
  const provider: WalletProvider = {
    request: async (args) => {
      if (args.method in answers) {
        const answer = answers[args.method]
        if (answer instanceof Error) throw answer
        sent.push(args)
        return answer
      }
      if (args.method === 'eth_chainId') return '0x1'
      if (args.method === 'eth_accounts') return [account.toLowerCase()]
      sent.push(args)
      return args.method === 'wallet_sendCalls' ? { id: 'batch' } : hash
    },
  }
  return { provider, sent }
}

const client = createClient({
  transport: custom({
    request: async ({ method }: { method: string }) => {
      if (method === 'eth_estimateGas') return '0x186a0'
      throw new Error(method)
    },
  }),
})

describe('requestBatch', () => {
  test('default', async () => {
    const { provider, sent } = openWallet()
    const id = await requestBatch(provider, { bundle, expectedHash: bundle.hash, client })
    expect(id).toEqual({ kind: 'batch', batchId: 'batch' })
    expect(sent).toEqual([
      {
        method: 'wallet_sendCalls',
        params: [
          {
            version: '2.0.0',
            from: account,
            chainId: '0x1',
            atomicRequired: true,
            calls: [
              { to: account, data: '0x5678', value: '0x0' },
              { to: target, data: '0x1234', value: '0x7' },
            ],
          },
        ],
      },
    ])
  })

  test('behaviour: the parameters are frozen through and through, and hash to the bundle', () => {
    const params = composeBatchParams(bundle)
    const [param] = params
    expect([params, param, param.calls, ...param.calls].every(Object.isFrozen)).toBe(true)
    expect(hashBatchParams(params)).toBe(bundle.hash)
  })

  test('behaviour: an id alone, as the first drafts had it', async () => {
    const { provider } = openWallet({ wallet_sendCalls: '0x99' })
    const id = await requestBatch(provider, { bundle, expectedHash: bundle.hash, client })
    expect(id).toEqual({ kind: 'batch', batchId: '0x99' })
  })

  test('error: A-12 HashMismatchError, before anything is sent', async () => {
    const { provider, sent } = openWallet()
    const tampered = { ...bundle, swap: { ...call, value: 8n } }
    const request = requestBatch(provider, { bundle: tampered, expectedHash: bundle.hash, client })
    await expect(request).rejects.toMatchObject({ name: 'HashMismatchError', failure: 'hashMismatch' })
    expect(sent).toEqual([])
  })

  test.each([null, {}, { id: 5 }, ''])('error: UncertainRequestError when it answers %j', async (answer) => {
    const { provider } = openWallet({ wallet_sendCalls: answer })
    const request = requestBatch(provider, { bundle, expectedHash: bundle.hash, client })
    await expect(request).rejects.toMatchObject({ name: 'UncertainRequestError' })
  })
})

describe('requestTransaction', () => {
  const expectedHash = hashCalls({ account, chainId, calls: [call] })

  test('default', async () => {
    const { provider, sent } = openWallet()
    const id = await requestTransaction(provider, { call, account, chainId, expectedHash, client })
    expect(id).toEqual({ kind: 'transaction', hash })
    const params = [{ from: account, to: target, data: '0x1234', value: '0x7', gas: '0x1e848', chainId: '0x1' }]
    expect(sent).toEqual([{ method: 'eth_sendTransaction', params }])
  })

  test('error: A-12 HashMismatchError, before anything is sent', async () => {
    const { provider, sent } = openWallet()
    const tampered = { ...call, to: account } as const
    const request = requestTransaction(provider, { call: tampered, account, chainId, expectedHash, client })
    await expect(request).rejects.toMatchObject({ name: 'HashMismatchError' })
    expect(sent).toEqual([])
  })

  test.each([
    ['WrongChainError', { eth_chainId: '0x2' }],
    ['WrongChainError', { eth_chainId: '0x' }],
    ['WrongChainError', { eth_chainId: {} }],
    ['WrongChainError', { eth_chainId: null }],
    ['WrongAccountError', { eth_accounts: [target, account] }],
    ['WalletLockedError', { eth_accounts: [] }],
    ['WalletLockedError', { eth_accounts: 'none' }],
  ])('error: F-10 F-11 A-24 T-20 T-21 %s when the wallet answers %j', async (name, answers) => {
    const { provider, sent } = openWallet(answers)
    const request = requestTransaction(provider, { call, account, chainId, expectedHash, client })
    await expect(request).rejects.toMatchObject({ name })
    expect(sent.some(({ method }) => method === 'eth_sendTransaction')).toBe(false)
  })

  test('behaviour: a chain id in decimal, or as a number, is understood', async () => {
    for (const eth_chainId of ['1', 1, '0x01']) {
      const { provider } = openWallet({ eth_chainId })
      expect(await requestTransaction(provider, { call, account, chainId, expectedHash, client })).toMatchObject({
        hash,
      })
    }
  })
})
