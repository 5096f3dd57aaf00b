import { encodeFunctionData, numberToHex } from 'viem'
import { getCode, readContract } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { erc20Abi } from '@/lib/chain/abis'
import { type ChainClient, createChainClient } from '@/lib/chain/client'
import { localDeployment as deployment, localChainId } from '@/lib/chain/deployments/local'
import type { Address, Hex } from '@/lib/core/units'
import type { DemoWalletMemory } from './demoMemory'
import { createDemoWallet, type DemoWalletRequest } from './demoWallet'
import { readDelegation } from './readDelegation'
import { readWalletAbility } from './readWalletAbility'

let devnet: Devnet
let client: ChainClient
const usdc = deployment.assets.find(({ id }) => id === 'USDC')?.poolToken.address ?? '0x'
const router = deployment.contracts.swapRouter02

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  client = createChainClient({ deployment, rpcUrls: [devnet.rpcUrl] })
})
afterAll(() => devnet?.stop())

function createMemory(): DemoWalletMemory {
  const entries = new Map<string, string>()
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  }
}

/** A demo wallet that answers as told, and all that it asked. */
function openWallet({ answer = true, memory = createMemory() } = {}) {
  const asked: DemoWalletRequest[] = []
  const provider = createDemoWallet({
    rpcUrl: devnet.rpcUrl,
    memory,
    confirm: async (request) => {
      asked.push(request)
      return answer
    },
  })
  const request = provider.request as (args: { method: string; params?: unknown }) => Promise<unknown>
  return { provider, request, asked, account: devnet.accounts.demo.address }
}

function approve(amount: bigint): Hex {
  return encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [router, amount] })
}

function allowance(account: Address): Promise<bigint> {
  return readContract(client, { address: usdc, abi: erc20Abi, functionName: 'allowance', args: [account, router] })
}

describe('connecting', () => {
  test('default', async () => {
    const { request, asked, account } = openWallet()
    expect(await request({ method: 'eth_accounts' })).toEqual([])
    expect(await request({ method: 'eth_requestAccounts' })).toEqual([account])
    expect(await request({ method: 'eth_accounts' })).toEqual([account])
    expect(await request({ method: 'eth_chainId' })).toBe(numberToHex(localChainId))
    expect(asked).toEqual([{ kind: 'connect', account }])
  })

  test('behaviour: remembered over a reload until it is revoked, and said by an event', async () => {
    const memory = createMemory()
    const first = openWallet({ memory })
    await first.request({ method: 'wallet_requestPermissions', params: [{ eth_accounts: {} }] })
    const second = openWallet({ memory })
    const seen: unknown[] = []
    second.provider.on('accountsChanged', (accounts) => seen.push(accounts))
    expect(await second.request({ method: 'eth_accounts' })).toEqual([second.account])
    await second.request({ method: 'wallet_revokePermissions', params: [{ eth_accounts: {} }] })
    expect(seen).toEqual([[]])
    expect(await openWallet({ memory }).request({ method: 'eth_accounts' })).toEqual([])
  })

  test('error: declined with 4001', async () => {
    const { request } = openWallet({ answer: false })
    await expect(request({ method: 'eth_requestAccounts' })).rejects.toMatchObject({ code: 4001 })
    expect(await request({ method: 'eth_accounts' })).toEqual([])
  })
})

describe('refusing', () => {
  test.each([
    'eth_sign',
    'personal_sign',
    'eth_signTypedData_v4',
    'eth_signTransaction',
    'eth_sendRawTransaction',
    'anvil_setBalance',
    'evm_increaseTime',
    'wallet_addEthereumChain',
    'wallet_grantPermissions',
  ])('error: %s', async (method) => {
    const { request } = openWallet()
    await request({ method: 'eth_requestAccounts' })
    await expect(request({ method, params: [] })).rejects.toMatchObject({ code: 4200 })
  })

  test('error: another chain, another account, a site that is not connected', async () => {
    const { request, account } = openWallet()
    const transaction = { from: account, to: usdc, data: approve(1n) }
    await expect(request({ method: 'eth_sendTransaction', params: [transaction] })).rejects.toMatchObject({
      code: 4100,
    })
    await request({ method: 'eth_requestAccounts' })
    const params = [{ chainId: '0x1' }]
    await expect(request({ method: 'wallet_switchEthereumChain', params })).rejects.toMatchObject({ code: 4902 })
    expect(await request({ method: 'wallet_switchEthereumChain', params: [{ chainId: '0x7a69' }] })).toBe(null)
    const elsewhere = { ...transaction, chainId: '0x1' }
    await expect(request({ method: 'eth_sendTransaction', params: [elsewhere] })).rejects.toMatchObject({ code: 4901 })
    const foreign = { ...transaction, from: router }
    await expect(request({ method: 'eth_sendTransaction', params: [foreign] })).rejects.toMatchObject({ code: 4100 })
  })
})

test('behaviour: signs a transaction, and passes reads on', async () => {
  const { request, asked, account } = openWallet()
  await request({ method: 'eth_requestAccounts' })
  const transaction = { from: account, to: usdc, data: approve(5n), chainId: '0x7a69' }
  const hash = await request({ method: 'eth_sendTransaction', params: [transaction] })
  expect(hash).toMatch(/^0x[0-9a-f]{64}$/)
  expect(asked.at(-1)).toEqual({ kind: 'transaction', account, call: { to: usdc, data: approve(5n), value: 0n } })
  await expect.poll(() => allowance(account)).toBe(5n)
  expect(await request({ method: 'eth_getTransactionReceipt', params: [hash] })).toMatchObject({ status: '0x1' })
})

describe('batches', () => {
  const batch = (account: Address, calls: readonly unknown[], change = {}) => [
    { version: '2.0.0', from: account, chainId: '0x7a69', atomicRequired: true, calls, ...change },
  ]

  test('default', async () => {
    const { request, asked, account, provider } = openWallet()
    await request({ method: 'eth_requestAccounts' })
    expect(await readWalletAbility(provider as never, { account, chainId: localChainId })).toEqual({
      rung: 'atomicBatch',
      atomic: 'supported',
      callLimit: 10,
    })
    expect(await readDelegation(client, { account, deployment })).toEqual({ kind: 'none' })
    const calls = [
      { to: usdc, data: approve(0n) },
      { to: usdc, data: approve(11n), value: '0x0' },
    ]
    const answer = await request({ method: 'wallet_sendCalls', params: batch(account, calls) })
    expect(asked.at(-1)).toMatchObject({ kind: 'batch', delegate: deployment.trustedDelegates[0] })
    const { id } = answer as { id: string }
    await expect
      .poll(() => request({ method: 'wallet_getCallsStatus', params: [id] }))
      .toMatchObject({ status: 200, atomic: true, id, receipts: [{ status: '0x1' }] })
    expect(await allowance(account)).toBe(11n)
    expect(await getCode(client, { address: account })).toMatch(/^0xef0100/)
    expect(await readDelegation(client, { account, deployment })).toMatchObject({ kind: 'trusted' })

    await request({ method: 'wallet_sendCalls', params: batch(account, [{ to: usdc, data: approve(3n) }]) })
    expect(asked.at(-1)).not.toHaveProperty('delegate')
    await expect.poll(() => allowance(account)).toBe(3n)
  })

  test('behaviour: all or nothing', async () => {
    const { request, account } = openWallet()
    await request({ method: 'eth_requestAccounts' })
    const before = await allowance(account)
    const calls = [
      { to: usdc, data: approve(77n) },
      { to: router, data: '0x12345678' },
    ]
    await expect(request({ method: 'wallet_sendCalls', params: batch(account, calls) })).rejects.toThrow()
    expect(await allowance(account)).toBe(before)
  })

  test('error: what EIP-5792 has codes for', async () => {
    const { request, account } = openWallet()
    await request({ method: 'eth_requestAccounts' })
    const calls = [{ to: usdc, data: approve(1n) }]
    const send = (params: unknown) => request({ method: 'wallet_sendCalls', params })
    await expect(send(batch(account, calls, { chainId: '0x1' }))).rejects.toMatchObject({ code: 5710 })
    await expect(send(batch(account, calls, { version: '1.0' }))).rejects.toMatchObject({ code: -32602 })
    await expect(send(batch(account, []))).rejects.toMatchObject({ code: -32602 })
    await expect(send(batch(account, Array(11).fill(calls[0])))).rejects.toMatchObject({ code: 5740 })
    await expect(send(batch(account, calls, { capabilities: { paymaster: {} } }))).rejects.toMatchObject({ code: 5700 })
    await send(batch(account, calls, { id: 'one' }))
    await expect(send(batch(account, calls, { id: 'one' }))).rejects.toMatchObject({ code: 5720 })
    const unknown = { method: 'wallet_getCallsStatus', params: ['two'] }
    await expect(request(unknown)).rejects.toMatchObject({ code: 5730 })
  })
})

test('behaviour: an account delegated to unknown code is told apart', async () => {
  const account = devnet.accounts.emptyHanded.address
  await devnet.client.setCode({ address: account, bytecode: `0xef0100${'ab'.repeat(20)}` })
  const delegate = `0x${'ab'.repeat(20)}`
  expect(await readDelegation(client, { account, deployment })).toEqual({ kind: 'unknown', delegate })
  expect(await readDelegation(client, { account: router, deployment })).toEqual({ kind: 'contract' })
})
