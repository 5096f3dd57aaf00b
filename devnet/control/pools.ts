import { encodeFunctionData, maxUint256 } from 'viem'
import type { AssetId } from '@/lib/core/asset'
import { erc20Abi, positionManagerAbi, v2PairAbi } from '../abis'
import { makerAccount, whaleAccount } from '../accounts'
import { devnetContracts } from '../addresses'
import { type RunningChain, readContract } from '../calls'
import { priceOf } from '../market/arbitrage'
import { readPoolStates } from '../market/readPoolStates'
import { tradeTo } from '../market/tradeTo'
import { type SeededContractPool, type SeededPool, seededPools } from '../pools'
import { type DevnetTransaction, sendTransactions } from '../transactions'

/** No pool of the seeded market is what was asked for. */
export class NoSuchPoolError extends Error {
  override readonly name = 'NoSuchPoolError'
  constructor(readonly wanted: PoolQuery) {
    super(`The seeded market has no ${wanted.version} pool of ${wanted.assets.join(' and ')}: see devnet/pools.ts.`)
  }
}

/** Names a pool of the seeded market. The deepest one is meant where several fit. */
export type PoolQuery = {
  readonly version: SeededPool['version']
  readonly assets: readonly [AssetId, AssetId]
  readonly feePips?: number
}

/** A pool of the seeded market, its assets in either order. */
export function findPool(wanted: PoolQuery): SeededPool {
  const found = seededPools.find(
    ({ version, feePips, assets }) =>
      version === wanted.version &&
      (wanted.feePips === undefined || feePips === wanted.feePips) &&
      wanted.assets.every((assetId) => assets.includes(assetId)),
  )
  if (found === undefined) throw new NoSuchPoolError(wanted)
  return found
}

const wholeBps = 10_000n

/** Moves a pool's price of token 0 in token 1 by so many basis points (negative: down) by a real swap of the whale's. */
export async function movePool(chain: RunningChain, pool: SeededPool, priceBps: number): Promise<void> {
  const [state] = await readPoolStates(chain, [pool])
  if (state === undefined) return
  const { numerator, denominator } = priceOf(state)
  const target = { numerator: numerator * (wholeBps + BigInt(priceBps)), denominator: denominator * wholeBps }
  await tradeTo(chain, whaleAccount.address, [{ pool, state, target }])
}

/** Takes liquidity out of a v2 or v3 pool until this part of it is left, in basis points. Its price stays. */
export async function thinPool(chain: RunningChain, pool: SeededContractPool, leftBps: number): Promise<void> {
  const outOf = (amount: bigint) => (amount * (wholeBps - BigInt(leftBps))) / wholeBps
  const transactions = pool.version === 'v2' ? await thinPair(chain, pool, outOf) : await thinRanges(chain, pool, outOf)
  await sendTransactions(chain.rpcUrl, { from: makerAccount.address, transactions })
}

type Part = (amount: bigint) => bigint

async function thinPair(chain: RunningChain, { address }: SeededContractPool, outOf: Part) {
  const shares = await readContract(chain, {
    address,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [makerAccount.address],
  })
  const back = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [address, outOf(shares)] })
  const burn = encodeFunctionData({ abi: v2PairAbi, functionName: 'burn', args: [makerAccount.address] })
  return [
    { to: address, data: back },
    { to: address, data: burn },
  ]
}

async function thinRanges(
  chain: RunningChain,
  { token0, token1, feePips }: SeededContractPool,
  outOf: Part,
): Promise<readonly DevnetTransaction[]> {
  const [address, abi] = [devnetContracts.positionManager, positionManagerAbi]
  const count = await readContract(chain, { address, abi, functionName: 'totalSupply', args: [] })
  const tokenIds = Array.from({ length: Number(count) }, (_, index) => BigInt(index + 1))
  const positions = await Promise.all(
    tokenIds.map((tokenId) => readContract(chain, { address, abi, functionName: 'positions', args: [tokenId] })),
  )
  return positions.flatMap(([, , own0, own1, fee, , , liquidity], index): readonly DevnetTransaction[] => {
    const tokenId = tokenIds[index]
    if (tokenId === undefined || own0 !== token0 || own1 !== token1 || fee !== feePips) return []
    const params = { tokenId, liquidity: outOf(liquidity), amount0Min: 0n, amount1Min: 0n, deadline: maxUint256 }
    return [{ to: address, data: encodeFunctionData({ abi, functionName: 'decreaseLiquidity', args: [params] }) }]
  })
}
