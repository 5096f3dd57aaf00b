import { createServer } from 'node:http'
import { type Address, type Hex, hashDomain, parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { runMarkerAddress } from '@/lib/chain/runMarker'
import { nativeAddress } from '@/lib/core/asset'
import { erc20Abi, feedAbi } from './abis'
import { userAccounts } from './accounts'
import { delegatorAddress, devnetContracts } from './addresses'
import { DevnetPortBusyError } from './anvil'
import { erc20Allowance, erc20Balance } from './control/balances'
import { readFeeds } from './control/feeds'
import { compareRatios, priceOf } from './market/arbitrage'
import { readPoolStates } from './market/readPoolStates'
import { ratioAtFeeds } from './marketSeed'
import { seededContractPools } from './pools'
import { portfolio, userEther, userWrappedEther } from './portfolio'
import { startPrice, toFeedAnswer } from './prices'
import { type Devnet, startDevnet } from './startDevnet'
import { sendTransactions } from './transactions'

const usdt: Address = '0xdAC17F958D2ee523a2206206994597C13D831ec7'
const contractsWithCode = [...Object.values(localDeployment.contracts), ...Object.values(devnetContracts)].filter(
  (address) => address !== devnetContracts.entryPoint,
)

const warmUpPips = 10

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet()
})
afterAll(() => devnet.stop())

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('default', async () => {
  expect(await devnet.client.getChainId()).toBe(31337)
  expect(devnet.pools.length).toBeGreaterThanOrEqual(24)
  expect(localDeployment.assets.length).toBeGreaterThanOrEqual(10)
  const fees = devnet.pools.flatMap(({ version, feePips }) => (version === 'v3' ? [feePips] : []))
  expect([...new Set(fees)].sort((a, b) => a - b)).toEqual([100, 500, 3000, 10000])
})

test('behaviour: every contract stands at its address on Ethereum', async () => {
  for (const address of [...contractsWithCode, ...seededContractPools.map(({ address }) => address)])
    expect((await devnet.client.getCode({ address }))?.length ?? 0, address).toBeGreaterThan(100)
  const read = (address: Address, signature: string, args: readonly unknown[] = []) =>
    devnet.client.readContract({
      address,
      abi: parseAbi([signature] as readonly string[]),
      functionName: /\s(\w+)\(/.exec(signature)?.[1] ?? '',
      args,
    })
  const { contracts } = localDeployment
  for (const router of [
    contracts.swapRouter02,
    contracts.quoterV2,
    devnetContracts.swapRouter,
    devnetContracts.positionManager,
  ]) {
    expect(await read(router, 'function factory() view returns (address)')).toBe(contracts.uniswapV3Factory)
    expect(await read(router, 'function WETH9() view returns (address)')).toBe(contracts.wrappedNative)
  }
  expect(await read(contracts.swapRouter02, 'function factoryV2() view returns (address)')).toBe(
    contracts.uniswapV2Factory,
  )
  for (const { version, address, token0, token1, feePips } of seededContractPools)
    expect(
      version === 'v2'
        ? await read(contracts.uniswapV2Factory, 'function getPair(address, address) view returns (address)', [
            token0,
            token1,
          ])
        : await read(contracts.uniswapV3Factory, 'function getPool(address, address, uint24) view returns (address)', [
            token0,
            token1,
            feePips,
          ]),
    ).toBe(address)
  expect(await read(contracts.permit2, 'function DOMAIN_SEPARATOR() view returns (bytes32)')).toBe(
    hashDomain({
      domain: { name: 'Permit2', chainId: 31337n, verifyingContract: contracts.permit2 },
      types: {
        EIP712Domain: [
          { name: 'name', type: 'string' },
          { name: 'chainId', type: 'uint256' },
          { name: 'verifyingContract', type: 'address' },
        ],
      },
    }),
  )
  expect(await read(delegatorAddress, 'function delegationManager() view returns (address)')).toBe(
    devnetContracts.delegationManager,
  )
  expect(await read(contracts.multicall3, 'function getChainId() view returns (uint256)')).toBe(31337n)
})

test('behaviour: tokens describe themselves and add up', async () => {
  for (const { poolToken } of localDeployment.assets) {
    const read = (functionName: 'name' | 'symbol' | 'decimals' | 'totalSupply') =>
      devnet.client.readContract({ address: poolToken.address, abi: erc20Abi, functionName })
    expect(await read('symbol')).toBe(poolToken.symbol)
    expect(await read('name')).toBe(poolToken.name)
    expect(await read('decimals')).toBe(poolToken.decimals)
    const holders = [
      ...devnet.accounts.users.map(({ address }) => address),
      devnet.accounts.whale.address,
      '0x14dC79964da2C08b23698B3D3cc7Ca32193d9955',
      '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720',
      localDeployment.contracts.v4PoolManager,
      ...seededContractPools.map(({ address }) => address),
    ] as const
    const held = await Promise.all(holders.map((holder) => erc20Balance(devnet, poolToken.address, holder)))
    expect(held.reduce((sum, amount) => sum + amount, 0n)).toBe(await read('totalSupply'))
  }
})

test('behaviour: each user account holds the same portfolio and has sent nothing', async () => {
  for (const { address } of userAccounts) {
    expect(await devnet.client.getTransactionCount({ address })).toBe(0)
    expect(await erc20Balance(devnet, nativeAddress, address)).toBe(userEther)
    for (const { id, poolToken } of localDeployment.assets)
      expect(await erc20Balance(devnet, poolToken.address, address)).toBe(
        id === 'ETH' ? userWrappedEther : (portfolio[id] ?? 0n),
      )
  }
})

test('behaviour: USDT returns nothing and changes no allowance that is not zero', async () => {
  const { client, accounts } = devnet
  const [owner, spender] = [accounts.emptyHanded.address, localDeployment.contracts.swapRouter02]
  const approve = (amount: bigint) =>
    client.writeContract({
      account: owner,
      address: usdt,
      abi: erc20Abi,
      functionName: 'approve',
      args: [spender, amount],
    })
  const call = async (data: Hex) => (await client.call({ account: owner, to: usdt, data })).data
  expect(await call(`0x095ea7b3${spender.slice(2).padStart(64, '0')}${'5'.padStart(64, '0')}`)).toBeUndefined()
  expect(await call(`0xa9059cbb${spender.slice(2).padStart(64, '0')}${'0'.padStart(64, '0')}`)).toBeUndefined()

  await client.waitForTransactionReceipt({ hash: await approve(5n) })
  expect(await erc20Allowance(devnet, { token: usdt, owner, spender })).toBe(5n)
  const refused = await client.waitForTransactionReceipt({ hash: await approve(6n) })
  expect(refused.status).toBe('reverted')
  expect(await erc20Allowance(devnet, { token: usdt, owner, spender })).toBe(5n)
  await client.waitForTransactionReceipt({ hash: await approve(0n) })
  await client.waitForTransactionReceipt({ hash: await approve(6n) })
  expect(await erc20Allowance(devnet, { token: usdt, owner, spender })).toBe(6n)
})

test('behaviour: feeds give fresh prices through the real proxy', async () => {
  const { now, rounds } = await readFeeds(devnet)
  expect(rounds).toHaveLength(12)
  for (const { asset, feed, updatedAt } of rounds) {
    const read = { address: feed.address, abi: feedAbi } as const
    const [, answer, , at] = await devnet.client.readContract({ ...read, functionName: 'latestRoundData' })
    expect(answer).toBe(toFeedAnswer(startPrice(asset.id)))
    expect(at).toBe(updatedAt)
    expect(now - at).toBeLessThan(60n)
    expect(await devnet.client.readContract({ ...read, functionName: 'decimals' })).toBe(8)
    expect(await devnet.client.readContract({ ...read, functionName: 'description' })).toMatch(/^[A-Z]+ \/ USD$/)
  }
})

test('behaviour: every pool agrees with the feeds within half its fee', async () => {
  const { rounds } = await readFeeds(devnet)
  const answers = new Map(rounds.map(({ asset, answer }) => [asset.id, answer]))
  const states = await readPoolStates(devnet, devnet.pools)
  for (const [index, { asset0, asset1, feePips, id }] of devnet.pools.entries()) {
    const [answer0, answer1, state] = [answers.get(asset0.id), answers.get(asset1.id), states[index]]
    if (answer0 === undefined || answer1 === undefined || state === undefined) throw new Error(`no price for ${id}`)
    const at = (offset: number) => ratioAtFeeds(asset0, asset1, { answer0, answer1, offset: BigInt(offset) })
    // Half the fee, and what the first small swaps left of their own: they went both ways.
    const half = Math.ceil(feePips / 2) + warmUpPips
    expect(compareRatios(priceOf(state), at(-half)), id).toBe(1)
    expect(compareRatios(priceOf(state), at(half)), id).toBe(-1)
  }
})

test('behaviour: the marker returns the run id, another at every start', async () => {
  const { data } = await devnet.client.call({ to: runMarkerAddress })
  expect(data).toBe(devnet.runId)
  const another = await startDevnet({ chainId: 31_999, seed: 5, mining: 'instant', heartbeat: false })
  expect(another.runId).not.toBe(devnet.runId)
  expect(await another.client.getChainId()).toBe(31_999)
  await another.stop()
})

test('behaviour: stop leaves no process', async () => {
  const another = await startDevnet()
  expect(isAlive(another.anvilPid)).toBe(true)
  await another.stop()
  expect(isAlive(another.anvilPid)).toBe(false)
  await expect(another.client.getChainId()).rejects.toThrow()
})

test('behaviour: a transaction is mined at once and blocks come without one', async () => {
  const { client } = devnet
  const before = await client.getBlockNumber()
  await sendTransactions(devnet.rpcUrl, {
    from: devnet.accounts.whale.address,
    transactions: [{ to: devnet.accounts.whale.address }],
  })
  expect(await client.getBlockNumber()).toBeGreaterThan(before)
  const idle = await client.getBlockNumber()
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect(await client.getBlockNumber()).toBeGreaterThan(idle)
  expect((await client.getBlock()).gasLimit).toBe(60_000_000n)
})

test('error: DevnetPortBusyError', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await expect(startDevnet({ rpcPort: port })).rejects.toBeInstanceOf(DevnetPortBusyError)
  server.close()
})
