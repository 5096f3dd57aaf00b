import { encodeFunctionData, numberToHex } from 'viem'
import { localChainId } from '@/lib/chain/deployments/local'
import { erc20Abi } from '../devnet/abis'
import { devnetContracts } from '../devnet/addresses'
import { erc20Allowance } from '../devnet/control/balances'
import { localAsset } from '../devnet/pools'
import { expect, test } from './fixtures'
import type { TestWallet } from './wallet/testWallet'

const token = localAsset('USDC').poolToken.address
const spender = devnetContracts.swapRouter
const chainId = numberToHex(localChainId)

function approve(amount: bigint) {
  return { to: token, data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, amount] }) }
}

function composeBatch(wallet: TestWallet, change: object = {}) {
  const calls = [approve(1n), approve(2n)]
  return [{ version: '2.0.0', from: wallet.account(), chainId, atomicRequired: true, calls, ...change }]
}

const connect = (wallet: TestWallet) => wallet.request({ method: 'eth_requestAccounts' })
const send = (wallet: TestWallet, params: readonly unknown[]) => wallet.request({ method: 'wallet_sendCalls', params })

/** The answer once the batch is no longer on its way. */
async function readFinalStatus(wallet: TestWallet, id: string): Promise<unknown> {
  const read = () => wallet.request({ method: 'wallet_getCallsStatus', params: [id] })
  await expect.poll(read).not.toMatchObject({ result: { status: 100 } })
  return read()
}

test('default', async ({ devnet, wallet }) => {
  const account = wallet.account()
  expect(await wallet.request({ method: 'eth_accounts' })).toEqual({ result: [] })
  expect(await connect(wallet)).toEqual({ result: [account] })
  const ask = { method: 'wallet_getCapabilities', params: [account, [chainId]] }
  expect(await wallet.request(ask)).toEqual({ result: { [chainId]: { atomic: { status: 'ready' } } } })
  const sent = await send(wallet, composeBatch(wallet))
  expect(sent).toEqual({ result: { id: expect.stringMatching(/^0x[0-9a-f]{32}$/) } })
  const id = (sent as { result: { id: string } }).result.id
  expect(await readFinalStatus(wallet, id)).toMatchObject({
    result: { version: '2.0.0', id, chainId, atomic: true, status: 200, receipts: [{ status: '0x1' }] },
  })
  expect(await erc20Allowance(devnet, { token, owner: account, spender })).toBe(2n)
  expect(await wallet.request(ask)).toMatchObject({ result: { [chainId]: { atomic: { status: 'supported' } } } })
})

test('behaviour: a batch is all or nothing', async ({ devnet, wallet }) => {
  await connect(wallet)
  const owner = wallet.account()
  const refused = { to: devnetContracts.swapRouter, data: '0x12345678' }
  const sent = await send(wallet, composeBatch(wallet, { calls: [approve(9n), refused] }))
  const { id } = (sent as { result: { id: string } }).result
  expect(await readFinalStatus(wallet, id)).toMatchObject({ result: { status: 500, receipts: [{ status: '0x0' }] } })
  expect(await erc20Allowance(devnet, { token, owner, spender })).toBe(0n)
})

test('error: a batch that MetaMask refuses', async ({ devnet, wallet }) => {
  const refusals: readonly (readonly [object, number])[] = [
    [{ version: '1.0' }, -32000],
    [{ chainId: '0x1' }, -32602],
    [{ atomicRequired: undefined }, -32602],
    [{ unknownField: 1 }, -32602],
    [{ calls: [{ to: '0x12' }, approve(1n)] }, -32602],
    [{ capabilities: { paymaster: {} } }, 5700],
    [{ from: devnet.accounts.users[3]?.address }, 4100],
    [{ calls: Array.from({ length: 11 }, () => approve(1n)) }, 5740],
  ]
  await connect(wallet)
  for (const [change, code] of refusals) {
    expect(await send(wallet, composeBatch(wallet, change)), JSON.stringify(change)).toMatchObject({ error: { code } })
  }
  const unknown = { method: 'wallet_getCallsStatus', params: ['0x1234'] }
  expect(await wallet.request(unknown)).toMatchObject({ error: { code: 5730 } })
  expect(wallet.signatures()).toEqual([])
  wallet.setBatches('absent')
  expect(await send(wallet, composeBatch(wallet))).toMatchObject({ error: { code: 5710 } })
  const ask = { method: 'wallet_getCapabilities', params: [wallet.account(), [chainId]] }
  expect(await wallet.request(ask)).toEqual({ result: {} })
})

test('error: what a person declines, with its code and without a trace', async ({ devnet, wallet }) => {
  await connect(wallet)
  wallet.rejectNext()
  expect(await send(wallet, composeBatch(wallet))).toMatchObject({ error: { code: 4001 } })
  wallet.rejectNext({ code: 4001, message: 'No.' })
  const transaction = { from: wallet.account(), ...approve(5n) }
  const asked = await wallet.request({ method: 'eth_sendTransaction', params: [transaction] })
  expect(asked).toEqual({ error: { code: 4001, message: 'No.' } })
  expect(await devnet.client.getTransactionCount({ address: wallet.account() })).toBe(0)
})

test('behaviour: a person who takes their time', async ({ wallet }) => {
  await connect(wallet)
  wallet.delayNext(30)
  const held = wallet.holdNext()
  const late = send(wallet, composeBatch(wallet))
  expect(await late).toHaveProperty('result')
  const answer = send(wallet, composeBatch(wallet))
  expect(await held.shown).toMatchObject({ kind: 'batch', calls: [{ to: token }, { to: token }] })
  held.reject()
  expect(await answer).toMatchObject({ error: { code: 4001 } })
})

test('error: signatures of messages do not exist', async ({ wallet }) => {
  await connect(wallet)
  const account = wallet.account()
  const requests = [
    { method: 'personal_sign', params: ['0x68656c6c6f', account] },
    { method: 'eth_sign', params: [account, '0x68656c6c6f'] },
    { method: 'eth_signTypedData_v4', params: [account, '{}'] },
    { method: 'eth_signTransaction', params: [{ from: account, to: token }] },
    { method: 'anvil_setBalance', params: [account, '0x0'] },
  ]
  for (const request of requests) {
    const answer = await wallet.request(request)
    expect(answer, request.method).toHaveProperty('error')
  }
})
