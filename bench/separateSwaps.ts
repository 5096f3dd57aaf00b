import { encodeFunctionData, maxUint256 } from 'viem'
import { erc20Abi, swapRouter02Abi } from '@/lib/chain/abis'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { Call } from '@/lib/core/bundle'
import type { Leg, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Address, Hex } from '@/lib/core/units'

const { swapRouter02, wrappedNative } = localDeployment.contracts

/** SwapRouter02 reads these as "whoever called me" and "myself" (Uniswap, Constants.sol). */
const [caller, router]: readonly [Address, Address] = [
  '0x0000000000000000000000000000000000000001',
  '0x0000000000000000000000000000000000000002',
]

/** What somebody gets who buys ether: wrapped as the pool pays it, or unwrapped as Ballast delivers it. */
export type EtherDelivery = 'wrapped' | 'unwrapped'

function toRouter(data: Hex): Call {
  return { to: swapRouter02, data, value: 0n }
}

function encodeSwap({ hops: [hop], amountIn, minimumOut }: Leg, recipient: Address): Hex {
  const { tokenIn, tokenOut, pool } = hop
  if (pool.kind === 'constantProduct') {
    return encodeFunctionData({
      abi: swapRouter02Abi,
      functionName: 'swapExactTokensForTokens',
      args: [amountIn, minimumOut, [tokenIn, tokenOut], recipient],
    })
  }
  const amounts = { amountIn, amountOutMinimum: minimumOut, sqrtPriceLimitX96: 0n }
  return encodeFunctionData({
    abi: swapRouter02Abi,
    functionName: 'exactInputSingle',
    args: [{ tokenIn, tokenOut, fee: pool.feePips, recipient, ...amounts }],
  })
}

/** How somebody who swaps apart approves: exactly before each swap, as Ballast does, or once for all without a limit. */
export type Approving = 'exactly' | 'withoutLimit'

function encodeApproval({ hops: [{ tokenIn }] }: Leg, amount: bigint): Call {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [swapRouter02, amount] })
  return { to: tokenIn, data, value: 0n }
}

/** In its cheapest form: the router's plain function, without a deadline, paid out by the pool itself. */
function encodeSeparateSwap(leg: Leg, { account, deadline }: RebalancePlan, delivery: EtherDelivery): Call {
  if (delivery === 'wrapped' || leg.hops[0].tokenOut !== wrappedNative) return toRouter(encodeSwap(leg, caller))
  const unwrap = encodeFunctionData({
    abi: swapRouter02Abi,
    functionName: 'unwrapWETH9',
    args: [leg.minimumOut, account],
  })
  const args = [BigInt(deadline), [encodeSwap(leg, router), unwrap]] as const
  return toRouter(encodeFunctionData({ abi: swapRouter02Abi, functionName: 'multicall', args }))
}

/** The one-hop legs of a plan as transactions of their own, the first time from an account that has approved nothing. */
export function encodeSeparately(
  plan: RebalancePlan,
  how: { readonly approving: Approving; readonly delivery: EtherDelivery; readonly run: 'first' | 'again' },
): readonly Call[] {
  const { approving, delivery, run } = how
  const approved = new Set<Address>()
  return plan.legs.flatMap((leg) => {
    const swap = encodeSeparateSwap(leg, plan, delivery)
    if (approving === 'exactly') return [encodeApproval(leg, leg.amountIn), swap]
    const { tokenIn } = leg.hops[0]
    if (run === 'again' || approved.has(tokenIn)) return [swap]
    approved.add(tokenIn)
    return [encodeApproval(leg, maxUint256), swap]
  })
}
