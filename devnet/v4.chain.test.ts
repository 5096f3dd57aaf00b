import { type Address, encodeAbiParameters, encodeFunctionData, pad, parseAbiParameters } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localDeployment } from '@/lib/chain/deployments/local'
import { nativeAddress } from '@/lib/core/asset'
import {
  delegatorAbi,
  erc20Abi,
  permit2Abi,
  universalRouterAbi,
  v3PoolAbi,
  v4PoolManagerAbi,
  v4PositionManagerAbi,
  v4QuoterAbi,
  v4StateViewAbi,
} from './abis'
import { makerAccount } from './accounts'
import { devnetContracts } from './addresses'
import { readContract } from './calls'
import { erc20Allowance, erc20Balance } from './control/balances'
import { setDelegation } from './control/delegation'
import { readPoolStates } from './market/readPoolStates'
import { encodeV4Swaps, type V4Swap } from './market/v4Swaps'
import { type SeededV4Pool, seededContractPools, seededV4Pools } from './pools'
import { amountWorth, startPrice } from './prices'
import { type Devnet, startDevnet } from './startDevnet'
import { sendTransactions } from './transactions'

const { contracts } = localDeployment
const trader = () => devnet.accounts.whale.address

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
})
afterAll(() => devnet.stop())

async function quote({ key: poolKey, zeroForOne, amountIn: exactAmount }: V4Swap): Promise<bigint> {
  const args = [{ poolKey, zeroForOne, exactAmount, hookData: '0x' }] as const
  const read = { address: contracts.v4Quoter, abi: v4QuoterAbi } as const
  const [amountOut] = await readContract(devnet, { ...read, functionName: 'quoteExactInputSingle', args })
  return amountOut
}

function swapOf(pool: SeededV4Pool, zeroForOne: boolean, usd: number): V4Swap {
  const { id, decimals } = zeroForOne ? pool.asset0 : pool.asset1
  return { key: pool.key, zeroForOne, amountIn: amountWorth(usd, startPrice(id), decimals) }
}

async function balances(tokens: readonly Address[]): Promise<readonly bigint[]> {
  return Promise.all(tokens.map((token) => erc20Balance(devnet, token, trader())))
}

test('default', async () => {
  const of = (address: Address) => ({ address, args: [] }) as const
  const manager = { functionName: 'poolManager' } as const
  const { universalRouter, v4PoolManager, v4Quoter, v4StateView } = contracts
  const { positionManager, v4PositionManager } = devnetContracts
  expect(await readContract(devnet, { ...of(universalRouter), abi: universalRouterAbi, ...manager })).toBe(
    v4PoolManager,
  )
  expect(await readContract(devnet, { ...of(v4PositionManager), abi: v4PositionManagerAbi, ...manager })).toBe(
    v4PoolManager,
  )
  expect(await readContract(devnet, { ...of(v4Quoter), abi: v4QuoterAbi, ...manager })).toBe(v4PoolManager)
  expect(await readContract(devnet, { ...of(v4StateView), abi: v4StateViewAbi, ...manager })).toBe(v4PoolManager)
  const router = { ...of(universalRouter), abi: universalRouterAbi }
  expect(await readContract(devnet, { ...router, functionName: 'V3_POSITION_MANAGER' })).toBe(positionManager)
  expect(await readContract(devnet, { ...router, functionName: 'V4_POSITION_MANAGER' })).toBe(v4PositionManager)
  const positions = { ...of(v4PositionManager), abi: v4PositionManagerAbi }
  expect(await readContract(devnet, { ...positions, functionName: 'permit2' })).toBe(contracts.permit2)
  expect(await readContract(devnet, { ...positions, functionName: 'WETH9' })).toBe(contracts.wrappedNative)
  expect(await readContract(devnet, { ...positions, functionName: 'unsubscribeGasLimit' })).toBe(300_000n)
  expect(await readContract(devnet, { ...of(v4PoolManager), abi: v4PoolManagerAbi, functionName: 'owner' })).toBe(
    makerAccount.address,
  )
  // What was sent beyond the ether that the positions took came back.
  expect(await erc20Balance(devnet, nativeAddress, v4PositionManager)).toBe(0n)
  expect(await erc20Balance(devnet, nativeAddress, universalRouter)).toBe(0n)
})

test('behaviour: every v4 pool is open, warm and charges what it should', async () => {
  expect(seededV4Pools.length).toBeGreaterThanOrEqual(6)
  const states = await readPoolStates(devnet, seededV4Pools)
  for (const [index, { id, feePips, protocolFee }] of seededV4Pools.entries()) {
    const read = { address: contracts.v4StateView, abi: v4StateViewAbi, args: [id] } as const
    const [, , packed, lpFee] = await readContract(devnet, { ...read, functionName: 'getSlot0' })
    expect(lpFee).toBe(feePips)
    expect(packed).toBe(protocolFee.oneForZeroPips * 4096 + protocolFee.zeroForOnePips)
    const growth = await readContract(devnet, { ...read, functionName: 'getFeeGrowthGlobals' })
    for (const grown of growth) expect(grown).toBeGreaterThan(0n)
    const state = states[index]
    expect(state?.version === 'v4' && state.liquidity > 0n).toBe(true)
  }
})

test('behaviour: one v3 pool gives a part of its fee to the protocol', async () => {
  const parts = await Promise.all(
    seededContractPools
      .filter(({ version }) => version === 'v3')
      .map(({ address }) => readContract(devnet, { address, abi: v3PoolAbi, functionName: 'slot0', args: [] })),
  )
  expect(parts.map(([, , , , , feeProtocol]) => feeProtocol).filter((of) => of > 0)).toEqual([4 * 16 + 4])
})

test('behaviour: a swap through the Universal Router pays what V4Quoter said, to the wei', async () => {
  for (const pool of seededV4Pools)
    for (const zeroForOne of [true, false])
      for (const share of [1e-5, 0.02, 0.3]) {
        const swap = swapOf(pool, zeroForOne, pool.depthUsd * share)
        const expected = await quote(swap)
        const tokens = zeroForOne ? [pool.token0, pool.token1] : [pool.token1, pool.token0]
        const [sold = 0n, bought = 0n] = await balances(tokens)
        const hash = await devnet.client.sendTransaction({ account: trader(), ...encodeV4Swaps([swap], trader()) })
        const { status, gasUsed, effectiveGasPrice } = await devnet.client.waitForTransactionReceipt({ hash })
        const [soldAfter = 0n, boughtAfter = 0n] = await balances(tokens)
        const gas = gasUsed * effectiveGasPrice
        const told = `${pool.asset0.id} ${pool.asset1.id} ${zeroForOne} ${share}`
        expect(status, told).toBe('success')
        expect(sold - soldAfter - (tokens[0] === nativeAddress ? gas : 0n), told).toBe(swap.amountIn)
        expect(boughtAfter - bought + (tokens[1] === nativeAddress ? gas : 0n), told).toBe(expected)
      }
})

test('behaviour: a swap of an eighth of a v4 pool crosses ticks both ways', async () => {
  const liquidityOf = async (pool: SeededV4Pool) => {
    const [state] = await readPoolStates(devnet, [pool])
    return state?.version === 'v4' ? state.liquidity : undefined
  }
  for (const pool of seededV4Pools) {
    const first = await liquidityOf(pool)
    for (const swap of [swapOf(pool, true, pool.depthUsd / 8), swapOf(pool, false, pool.depthUsd / 4)]) {
      await sendTransactions(devnet.rpcUrl, { from: trader(), transactions: [encodeV4Swaps([swap], trader())] })
      expect(await liquidityOf(pool), `${pool.asset0.id} ${pool.asset1.id}`).not.toBe(first)
    }
  }
})

test('behaviour: an atomic batch swaps with a Permit2 allowance that lasts no longer', async () => {
  const account = devnet.accounts.users[2]?.address ?? devnet.accounts.demo.address
  const [pool] = seededV4Pools.filter(({ assets }) => assets.includes('USDC') && assets.includes('USDT'))
  if (pool === undefined) throw new Error('no such pool')
  const { permit2, universalRouter } = contracts
  const swap = swapOf(pool, true, 100)
  const execute = encodeV4Swaps([swap], account)
  await expect(devnet.client.call({ account, to: execute.to, data: execute.data ?? '0x' })).rejects.toThrow()

  const erc20 = { abi: erc20Abi, functionName: 'approve', args: [permit2, swap.amountIn] } as const
  const spent = { abi: permit2Abi, functionName: 'approve' } as const
  const calls = [
    { target: pool.token0, value: 0n, callData: encodeFunctionData(erc20) },
    {
      target: permit2,
      value: 0n,
      callData: encodeFunctionData({ ...spent, args: [pool.token0, universalRouter, swap.amountIn, 0] }),
    },
    { target: execute.to, value: 0n, callData: execute.data ?? '0x' },
  ]
  const batch = encodeAbiParameters(
    parseAbiParameters(['Call[] calls', 'struct Call { address target; uint256 value; bytes callData; }']),
    [calls],
  )
  await setDelegation(devnet, account)
  const before = await erc20Balance(devnet, pool.token1, account)
  const expected = await quote(swap)
  const run = {
    abi: delegatorAbi,
    functionName: 'execute',
    args: [pad('0x01', { dir: 'right', size: 32 }), batch],
  } as const
  await sendTransactions(devnet.rpcUrl, {
    from: account,
    transactions: [{ to: account, data: encodeFunctionData(run), gas: 2_000_000n }],
  })
  expect((await erc20Balance(devnet, pool.token1, account)) - before).toBe(expected)
  const { timestamp } = await devnet.client.getBlock()
  const args = [account, pool.token0, universalRouter] as const
  const read = { address: permit2, abi: permit2Abi, functionName: 'allowance' } as const
  expect(await readContract(devnet, { ...read, args })).toEqual([0n, Number(timestamp), 0])
  expect(await erc20Allowance(devnet, { token: pool.token0, owner: account, spender: permit2 })).toBe(0n)
})
