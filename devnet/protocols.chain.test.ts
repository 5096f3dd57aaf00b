import { type Address, encodeAbiParameters, encodeFunctionData, pad, parseAbi, parseAbiParameters } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { delegatorAbi, erc20Abi, quoterV2Abi, swapRouter02Abi, v3PoolAbi } from './abis'
import { delegatorAddress } from './addresses'
import { erc20Allowance, erc20Balance } from './control/balances'
import { readDelegation, setDelegation } from './control/delegation'
import { findPool } from './control/pools'
import { seededContractPools } from './pools'
import { amountWorth, startPrice } from './prices'
import { type Devnet, startDevnet } from './startDevnet'

const { swapRouter02, quoterV2, wrappedNative } = localDeployment.contracts
const link = findPool({ version: 'v3', assets: ['LINK', 'ETH'] }).asset0.poolToken.address

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet()
})
afterAll(() => devnet.stop())

async function quote(tokenIn: Address, tokenOut: Address, fee: number, amountIn: bigint) {
  const { result } = await devnet.client.simulateContract({
    address: quoterV2,
    abi: quoterV2Abi,
    functionName: 'quoteExactInputSingle',
    args: [{ tokenIn, tokenOut, amountIn, fee, sqrtPriceLimitX96: 0n }],
  })
  const [amountOut, , ticksCrossed] = result
  return { amountOut, ticksCrossed }
}

function swapCall(recipient: Address, amountIn: bigint, amountOutMinimum: bigint) {
  return encodeFunctionData({
    abi: swapRouter02Abi,
    functionName: 'exactInputSingle',
    args: [
      {
        tokenIn: link,
        tokenOut: wrappedNative,
        fee: 3000,
        recipient,
        amountIn,
        amountOutMinimum,
        sqrtPriceLimitX96: 0n,
      },
    ],
  })
}

test('default', async () => {
  const { client, accounts } = devnet
  const account = accounts.users[0]?.address ?? accounts.demo.address
  const amountIn = 100n * 10n ** 18n
  const approval = await client.writeContract({
    account,
    address: link,
    abi: erc20Abi,
    functionName: 'approve',
    args: [swapRouter02, amountIn],
  })
  await client.waitForTransactionReceipt({ hash: approval })
  const before = await erc20Balance(devnet, wrappedNative, account)
  const { amountOut } = await quote(link, wrappedNative, 3000, amountIn)
  const swap = await client.sendTransaction({ account, to: swapRouter02, data: swapCall(account, amountIn, amountOut) })
  expect((await client.waitForTransactionReceipt({ hash: swap })).status).toBe('success')
  expect((await erc20Balance(devnet, wrappedNative, account)) - before).toBe(amountOut)
  expect(await erc20Allowance(devnet, { token: link, owner: account, spender: swapRouter02 })).toBe(0n)
})

test('behaviour: a swap of an eighth of a v3 pool crosses ticks both ways', async () => {
  for (const { version, asset0, asset1, token0, token1, feePips, depthUsd } of seededContractPools) {
    if (version === 'v2') continue
    const worth = (asset: typeof asset0) => amountWorth(depthUsd / 8, startPrice(asset.id), asset.decimals)
    const down = await quote(token0, token1, feePips, worth(asset0))
    const up = await quote(token1, token0, feePips, worth(asset1))
    expect(down.ticksCrossed + up.ticksCrossed, `${asset0.id} ${asset1.id} ${feePips}`).toBeGreaterThanOrEqual(2)
  }
})

test('behaviour: trades of the size of a rebalance have a modest, visible impact', async () => {
  const impactBps = async (pool: ReturnType<typeof findPool>, usd: number) => {
    const amount = (share: number) => amountWorth(usd * share, startPrice(pool.asset0.id), pool.asset0.decimals)
    const small = await quote(pool.token0, pool.token1, pool.feePips, amount(0.01))
    const large = await quote(pool.token0, pool.token1, pool.feePips, amount(1))
    return (1 - Number(large.amountOut) / (Number(small.amountOut) * 100)) * 10_000
  }
  for (const { query, usd } of [
    { query: { version: 'v3', assets: ['USDC', 'ETH'], feePips: 500 }, usd: 30_000 },
    { query: { version: 'v3', assets: ['LINK', 'ETH'] }, usd: 10_000 },
    { query: { version: 'v3', assets: ['AAVE', 'ETH'] }, usd: 10_000 },
    { query: { version: 'v3', assets: ['SNX', 'USDC'] }, usd: 3_000 },
  ] as const) {
    const impact = await impactBps(findPool(query), usd)
    expect(impact).toBeGreaterThan(0.2)
    expect(impact).toBeLessThan(100)
  }
})

test('behaviour: pools are warm, so that a swap costs as much the first time as later', async () => {
  for (const { version, address } of seededContractPools) {
    const slots =
      version === 'v2'
        ? (['price0CumulativeLast', 'price1CumulativeLast'] as const)
        : (['feeGrowthGlobal0X128', 'feeGrowthGlobal1X128'] as const)
    for (const functionName of slots) {
      const abi = parseAbi([
        'function price0CumulativeLast() view returns (uint256)',
        'function price1CumulativeLast() view returns (uint256)',
        'function feeGrowthGlobal0X128() view returns (uint256)',
        'function feeGrowthGlobal1X128() view returns (uint256)',
      ])
      expect(await devnet.client.readContract({ address, abi, functionName })).toBeGreaterThan(0n)
    }
    if (version === 'v3')
      expect(await devnet.client.readContract({ address, abi: v3PoolAbi, functionName: 'liquidity' })).toBeGreaterThan(
        0n,
      )
  }
})

test('behaviour: one type 4 transaction delegates an account and runs a batch', async () => {
  const { client, accounts } = devnet
  const account = privateKeyToAccount(accounts.users[1]?.privateKey ?? accounts.demo.privateKey)
  const amountIn = 50n * 10n ** 18n
  const { amountOut } = await quote(link, wrappedNative, 3000, amountIn)
  const before = await erc20Balance(devnet, wrappedNative, account.address)
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [swapRouter02, amountIn] })
  const calls = [
    { target: link, value: 0n, callData: approve },
    { target: swapRouter02, value: 0n, callData: swapCall(account.address, amountIn, amountOut) },
  ]
  const batch = encodeAbiParameters(
    parseAbiParameters(['Call[] calls', 'struct Call { address target; uint256 value; bytes callData; }']),
    [calls],
  )
  const authorization = await client.signAuthorization({ account, contractAddress: delegatorAddress, executor: 'self' })
  const hash = await client.sendTransaction({
    account,
    to: account.address,
    authorizationList: [authorization],
    data: encodeFunctionData({
      abi: delegatorAbi,
      functionName: 'execute',
      args: [pad('0x01', { dir: 'right', size: 32 }), batch],
    }),
  })
  const receipt = await client.waitForTransactionReceipt({ hash })
  expect(receipt.status).toBe('success')
  expect(receipt.type).toBe('eip7702')
  expect((await erc20Balance(devnet, wrappedNative, account.address)) - before).toBe(amountOut)
  expect(await erc20Allowance(devnet, { token: link, owner: account.address, spender: swapRouter02 })).toBe(0n)
  expect((await readDelegation(devnet, account.address))?.toLowerCase()).toBe(delegatorAddress.toLowerCase())
  await setDelegation(devnet, account.address, null)
  expect(await readDelegation(devnet, account.address)).toBeNull()
})
