import { encodeFunctionResult } from 'viem'
import { expect, test } from 'vitest'
import { uniswapV2PairAbi, uniswapV3PoolAbi } from '../abis'
import { localDeployment } from '../deployments/local'
import { listPoolCandidates } from './poolCandidates'
import { addTicks, type ContractCandidate, decodePool, encodePoolReads, listTickWords } from './poolReads'
import { tickWordKey } from './tickWords'

const candidates = listPoolCandidates(localDeployment)
const of = (kind: ContractCandidate['kind']) => {
  const found = candidates.find(
    (candidate): candidate is ContractCandidate => candidate.kind === kind && candidate.feePips === 3000,
  )
  if (found === undefined) throw new Error(`no ${kind}`)
  return found
}
const success = (data: `0x${string}`) => ({ success: true, data })
const nowhere = success('0x')

const reserves = (reserve0: bigint, reserve1: bigint) =>
  success(encodeFunctionResult({ abi: uniswapV2PairAbi, functionName: 'getReserves', result: [reserve0, reserve1, 1] }))
const slot0 = (sqrtPriceX96: bigint, tick: number) =>
  success(
    encodeFunctionResult({
      abi: uniswapV3PoolAbi,
      functionName: 'slot0',
      result: [sqrtPriceX96, tick, 0, 1, 1, 0, true],
    }),
  )
const liquidity = (value: bigint) =>
  success(encodeFunctionResult({ abi: uniswapV3PoolAbi, functionName: 'liquidity', result: value }))

test('default', () => {
  expect(encodePoolReads(of('constantProduct'))).toHaveLength(1)
  expect(encodePoolReads(of('concentrated'))).toHaveLength(2)
  expect(decodePool(of('constantProduct'), [reserves(5n, 7n)])).toMatchObject({ reserve0: 5n, reserve1: 7n })
  expect(decodePool(of('concentrated'), [slot0(9n, -887_272), liquidity(3n)])).toMatchObject({
    sqrtPriceX96: 9n,
    tick: -887_272,
    liquidity: 3n,
  })
})

test.each([
  ['no pair', of('constantProduct'), [nowhere]],
  ['a pair with nothing of one token', of('constantProduct'), [reserves(0n, 7n)]],
  ['no pool', of('concentrated'), [nowhere, nowhere]],
  ['a pool without a price', of('concentrated'), [slot0(0n, 0), liquidity(3n)]],
  ['a pool without liquidity', of('concentrated'), [slot0(9n, 0), liquidity(0n)]],
  ['half a pool', of('concentrated'), [slot0(9n, 0), { success: false, data: '0x' }]],
  ['nothing read', of('concentrated'), []],
] as const)('behaviour: %s is left out', (_, candidate, results) => {
  expect(decodePool(candidate, results)).toBeUndefined()
})

test('behaviour: a pool of which a word of ticks is unknown is left out', () => {
  const pool = decodePool(of('concentrated'), [slot0(9n, 0), liquidity(3n)])
  if (pool === undefined) throw new Error('no pool')
  const words = listTickWords(pool)
  expect(words.map(({ word }) => word)).toEqual([-1, 0])
  const ticks = new Map([[tickWordKey({ pool: pool.id, word: -1 }), [{ index: -60, liquidityNet: 3n }]]])
  expect(addTicks(pool, ticks)).toBeUndefined()
  ticks.set(tickWordKey({ pool: pool.id, word: 0 }), [])
  expect(addTicks(pool, ticks)).toMatchObject({
    ticks: [{ index: -60, liquidityNet: 3n }],
    knownTicks: { lower: -15_360, upper: 15_300 },
  })
})
