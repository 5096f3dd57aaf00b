import { encodeAbiParameters, encodeEventTopics, parseAbi } from 'viem'
import { sumPulled } from '@/lib/chain/bundle/bundleFacts'
import { inPoolOrder } from '@/lib/chain/bundle/poolIdOf'
import { localDeployment } from '@/lib/chain/deployments/local'
import { loggerOf, swapEvents } from '@/lib/chain/execution/swapEvents'
import type { DecodedBundle } from '@/lib/core/bundle'
import type { Hop, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Address } from '@/lib/core/units'
import type { ScriptedLog } from '../execution/scriptedNode'

const transferAbi = parseAbi(['event Transfer(address indexed from, address indexed to, uint256 value)'])

/** The log of a token that goes from one account to another. */
export function buildTransferLog(token: Address, from: Address, to: Address, value: bigint): ScriptedLog {
  const topics = encodeEventTopics({ abi: transferAbi, args: { from, to } })
  return {
    address: token,
    topics: topics as ScriptedLog['topics'],
    data: encodeAbiParameters([{ type: 'uint256' }], [value]),
  }
}

/** What a pool logs of a hop that a router made as it was planned. */
export function buildSwapLog({ pool, tokenIn, tokenOut, amountIn, amountOut }: Hop, sender: Address): ScriptedLog {
  const isZeroForOne = inPoolOrder(tokenIn, tokenOut)[0] === tokenIn
  const address = loggerOf(pool, localDeployment)
  const sided = <Item>(ofIn: Item, ofOut: Item): [Item, Item] => (isZeroForOne ? [ofIn, ofOut] : [ofOut, ofIn])
  const word = (type: 'uint256' | 'int256') => ({ type })
  switch (pool.kind) {
    case 'constantProduct': {
      const topics = encodeEventTopics({ abi: swapEvents.constantProduct, args: { sender, to: sender } })
      const amounts = [...sided(amountIn, 0n), ...sided(0n, amountOut)] as const
      return {
        address,
        topics: topics as ScriptedLog['topics'],
        data: encodeAbiParameters(Array(4).fill(word('uint256')), amounts),
      }
    }
    case 'concentrated': {
      const topics = encodeEventTopics({ abi: swapEvents.concentrated, args: { sender, recipient: sender } })
      const words = [...sided(amountIn, -amountOut), 1n, 1n, 0n]
      return {
        address,
        topics: topics as ScriptedLog['topics'],
        data: encodeAbiParameters(Array(5).fill(word('int256')), words),
      }
    }
    case 'singleton': {
      const topics = encodeEventTopics({ abi: swapEvents.singleton, args: { id: pool.id, sender } })
      const words = [...sided(-amountIn, amountOut), 1n, 1n, 0n, 0n]
      return {
        address,
        topics: topics as ScriptedLog['topics'],
        data: encodeAbiParameters(Array(6).fill(word('int256')), words),
      }
    }
  }
}

/** What a transaction logs that executes a bundle exactly as it was planned. */
export function buildBundleLogs(plan: RebalancePlan, decoded: DecodedBundle): readonly ScriptedLog[] {
  return [
    ...[...sumPulled(decoded)].map(([token, amount]) => buildTransferLog(token, plan.account, decoded.router, amount)),
    ...plan.legs.flatMap(({ hops }) => hops.map((hop) => buildSwapLog(hop, decoded.router))),
  ]
}
