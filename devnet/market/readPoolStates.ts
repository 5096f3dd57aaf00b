import { decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { localDeployment } from '@/lib/chain/deployments/local'
import { v2PairAbi, v3PoolAbi, v4StateViewAbi } from '../abis'
import type { RunningChain } from '../calls'
import type { SeededPool } from '../pools'
import { type RpcCall, sendBatch } from '../rpc'
import type { PoolState } from './arbitrage'

const wholePips = 1_000_000
const protocolFeeBits = 12

const call = (to: Hex, data: Hex): RpcCall => ({ method: 'eth_call', params: [{ to, data }, 'latest'] })

function stateCalls(pool: SeededPool): readonly RpcCall[] {
  switch (pool.version) {
    case 'v2':
      return [call(pool.address, encodeFunctionData({ abi: v2PairAbi, functionName: 'getReserves' }))]
    case 'v3':
      return [call(pool.address, encodeFunctionData({ abi: v3PoolAbi, functionName: 'slot0' }))]
    case 'v4': {
      const { v4StateView } = localDeployment.contracts
      const read = { abi: v4StateViewAbi, args: [pool.id] } as const
      return [
        call(v4StateView, encodeFunctionData({ ...read, functionName: 'getSlot0' })),
        call(v4StateView, encodeFunctionData({ ...read, functionName: 'getLiquidity' })),
      ]
    }
  }
}

/** The protocol takes its part first, the pool's own fee is on the rest; rounded up, as v4 does. */
function wholeFeePips(protocolPips: number, poolPips: number): number {
  return protocolPips + poolPips - Math.floor((protocolPips * poolPips) / wholePips)
}

function decodeState({ version }: SeededPool, [first = '0x', second = '0x']: readonly Hex[]): PoolState {
  switch (version) {
    case 'v2': {
      const [reserve0, reserve1] = decodeFunctionResult({ abi: v2PairAbi, functionName: 'getReserves', data: first })
      return { version, reserve0, reserve1 }
    }
    case 'v3': {
      const [sqrtPriceX96] = decodeFunctionResult({ abi: v3PoolAbi, functionName: 'slot0', data: first })
      return { version, sqrtPriceX96 }
    }
    case 'v4': {
      const slot0 = decodeFunctionResult({ abi: v4StateViewAbi, functionName: 'getSlot0', data: first })
      const [sqrtPriceX96, tick, protocolFee, feePips] = slot0
      const liquidity = decodeFunctionResult({ abi: v4StateViewAbi, functionName: 'getLiquidity', data: second })
      const fees = {
        zeroForOnePips: wholeFeePips(protocolFee & (2 ** protocolFeeBits - 1), feePips),
        oneForZeroPips: wholeFeePips(protocolFee >> protocolFeeBits, feePips),
      }
      return { version, sqrtPriceX96, tick, liquidity, fees }
    }
  }
}

/** What decides the price of each of the given pools, in one request. */
export async function readPoolStates(
  { rpcUrl }: RunningChain,
  pools: readonly SeededPool[],
): Promise<readonly PoolState[]> {
  const calls = pools.map(stateCalls)
  const answers = (await sendBatch(rpcUrl, calls.flat())) as readonly Hex[]
  let start = 0
  return pools.map((pool, index) => {
    const end = start + (calls[index]?.length ?? 0)
    const state = decodeState(pool, answers.slice(start, end))
    start = end
    return state
  })
}
