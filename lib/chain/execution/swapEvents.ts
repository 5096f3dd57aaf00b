import { type Address, decodeEventLog, type Hex, isAddressEqual, type Log, parseAbi } from 'viem'
import { inPoolOrder, poolIdOf } from '@/lib/chain/bundle/poolIdOf'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { DecodedSwap } from '@/lib/core/bundle'
import type { Hop, HopPool } from '@/lib/core/rebalance/plan'
import { assertNever } from '@/lib/core/units'

/** What each version of Uniswap logs of a swap. */
export const swapEvents = {
  constantProduct: parseAbi([
    'event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  ]),
  concentrated: parseAbi([
    'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
  ]),
  singleton: parseAbi([
    'event Swap(bytes32 indexed id, address indexed sender, int128 amount0, int128 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint24 fee)',
  ]),
} as const

/** A log, as far as a swap is read from it. */
export type PlainLog = Pick<Log, 'address' | 'topics' | 'data'>

/** Where a swap is looked for, and which way it goes. */
export type ExpectedSwap = Pick<Hop, 'pool' | 'tokenIn' | 'tokenOut'>

/** What a pool took and paid. Base units, the fee included in what it took. */
export type ExecutedSwap = { readonly amountIn: bigint; readonly amountOut: bigint }

/** The contract that logs the swaps of a pool. */
export function loggerOf({ kind, id }: HopPool, { contracts }: Deployment): Address {
  return kind === 'singleton' ? contracts.v4PoolManager : id
}

/** The hops of a decoded swap with the pools that the router computes for them. */
export function toExpectedSwaps({ route }: DecodedSwap, deployment: Deployment): readonly ExpectedSwap[] {
  return route.map(({ tokenIn, tokenOut, venue }) => {
    const named = (pool: HopPool): ExpectedSwap => {
      const id = poolIdOf({ pool, tokenIn, tokenOut }, deployment)
      return { pool: { ...pool, id }, tokenIn, tokenOut }
    }
    switch (venue.version) {
      case 'v2':
        return named({ kind: 'constantProduct', id: '0x', feePips: 3000 })
      case 'v3':
        return named({ kind: 'concentrated', id: '0x', feePips: venue.feePips })
      case 'v4':
        return named({ kind: 'singleton', id: '0x', feePips: venue.feePips, tickSpacing: venue.tickSpacing })
      default:
        return assertNever(venue)
    }
  })
}

/**
 * The swaps that a router made in given pools, one after the other in the order of the logs. Ends at the first that the logs do not
 * show.
 */
export function findSwaps(
  logs: readonly PlainLog[],
  expected: readonly ExpectedSwap[],
  { router, deployment }: { readonly router: Address; readonly deployment: Deployment },
): readonly ExecutedSwap[] {
  const found: ExecutedSwap[] = []
  let position = 0
  for (const swap of expected) {
    let executed: ExecutedSwap | undefined
    while (executed === undefined && position < logs.length) {
      const log = logs[position]
      position += 1
      if (log !== undefined && isAddressEqual(log.address, loggerOf(swap.pool, deployment))) {
        executed = readSwap(log, swap, router)
      }
    }
    if (executed === undefined) return found
    found.push(executed)
  }
  return found
}

function readSwap({ topics, data }: PlainLog, swap: ExpectedSwap, router: Address): ExecutedSwap | undefined {
  const { pool, tokenIn, tokenOut } = swap
  const isZeroForOne = inPoolOrder(tokenIn, tokenOut)[0] === tokenIn
  try {
    switch (pool.kind) {
      case 'constantProduct': {
        const { args } = decodeEventLog({ abi: swapEvents.constantProduct, topics, data })
        if (!isAddressEqual(args.sender, router)) return undefined
        return isZeroForOne
          ? { amountIn: args.amount0In, amountOut: args.amount1Out }
          : { amountIn: args.amount1In, amountOut: args.amount0Out }
      }
      case 'concentrated': {
        const { args } = decodeEventLog({ abi: swapEvents.concentrated, topics, data })
        if (!isAddressEqual(args.sender, router)) return undefined
        // What the pool gains is positive.
        const { amount0, amount1 } = args
        return isZeroForOne ? { amountIn: amount0, amountOut: -amount1 } : { amountIn: amount1, amountOut: -amount0 }
      }
      case 'singleton': {
        const { args } = decodeEventLog({ abi: swapEvents.singleton, topics, data })
        if (!isAddressEqual(args.sender, router) || !isSameId(args.id, pool.id)) return undefined
        // What the swapper gains is positive.
        const { amount0, amount1 } = args
        return isZeroForOne ? { amountIn: -amount0, amountOut: amount1 } : { amountIn: -amount1, amountOut: amount0 }
      }
    }
  } catch {
    return undefined
  }
}

function isSameId(a: Hex, b: Hex): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
