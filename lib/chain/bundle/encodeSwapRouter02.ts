import { concat, encodeFunctionData, isAddressEqual, numberToHex } from 'viem'
import { swapRouter02Abi } from '@/lib/chain/abis'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { nativeAddress } from '@/lib/core/asset'
import type { Hop, Leg, RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Address, Hex } from '@/lib/core/units'
import { poolIdOf } from './poolIdOf'
import { type RouterCall, sumSpent } from './routerCall'
import { UnencodablePlanError } from './unencodablePlan'

/** SwapRouter02 reads these recipients as "whoever called me" and "myself" (Uniswap, Constants.sol). */
const routerFlags = {
  caller: '0x0000000000000000000000000000000000000001',
  router: '0x0000000000000000000000000000000000000002',
} as const

/** SwapRouter02 reads this amount as "all that I hold of the token". */
const contractBalance = 0n

/**
 * Encodes paths, in their order, into one `SwapRouter02.multicall(deadline, bytes[])`.
 *
 * How the router pays decides the order (Uniswap, PeripheryPayments.pay): WETH is paid from native coin in the router whenever
 * that covers it, so natively funded legs stand first and `refundETH` last; an amount of 0 spends the router's whole balance of a
 * token, so legs that leave WETH there to be unwrapped come after every hop that could pick it up.
 *
 * @throws {UnencodablePlanError} when a leg is malformed, or the order would let one leg spend another's.
 */
export function encodeSwapRouter02(plan: RebalancePlan, deployment: Deployment): RouterCall {
  const { swapRouter02, wrappedNative } = deployment.contracts
  const legs = plan.legs.map((leg, index) => checkLeg(leg, index, deployment))
  checkOrder(legs, wrappedNative)

  const value = legs.filter(isNativelyPaid).reduce((total, leg) => total + leg.amountIn, 0n)
  const unwrapped = legs.filter((leg) => paysNative(leg, wrappedNative))
  const data = legs.flatMap((leg) => encodeLeg(leg, paysNative(leg, wrappedNative)))
  if (unwrapped.length > 0) {
    const minimum = unwrapped.reduce((total, leg) => total + leg.minimumOut, 0n)
    data.push(encodeFunctionData({ abi: swapRouter02Abi, functionName: 'unwrapWETH9', args: [minimum, plan.account] }))
  }
  if (value > 0n) data.push(encodeFunctionData({ abi: swapRouter02Abi, functionName: 'refundETH' }))
  const spent = sumSpent(
    legs.map((leg) => ({
      token: isNativelyPaid(leg) ? nativeAddress : leg.hops[0].tokenIn,
      amount: leg.amountIn,
    })),
  )
  const args = [BigInt(plan.deadline), data] as const
  return {
    swap: {
      to: swapRouter02,
      data: encodeFunctionData({ abi: swapRouter02Abi, functionName: 'multicall', args }),
      value,
    },
    spent,
  }
}

/** True for a leg that buys the native coin: it is paid out as WETH and unwrapped at the end. */
function paysNative(leg: Leg, wrappedNative: Address): boolean {
  return isAddressEqual(lastHop(leg).tokenOut, wrappedNative)
}

function isNativelyPaid(leg: Leg): boolean {
  return leg.paidFrom === 'native'
}

function lastHop(leg: Leg): Hop {
  return leg.hops.at(-1) ?? leg.hops[0]
}

function checkLeg(leg: Leg, index: number, deployment: Deployment): Leg {
  const refuse = (reason: string): never => {
    throw new UnencodablePlanError(reason, index)
  }
  if (leg.amountIn <= 0n) refuse('it sells nothing, which the router would read as "all that it holds".')
  if (leg.minimumOut <= 0n) refuse('it has no minimum to receive.')
  if (leg.minimumOut < leg.oracleFloor) refuse('its minimum is below the oracle floor.')
  if (leg.minimumOut > leg.quotedOut) refuse('its minimum is above its quote.')
  if (leg.amountIn !== leg.hops[0].amountIn) refuse('its first hop sells another amount.')
  if (leg.quotedOut !== lastHop(leg).amountOut) refuse('its last hop pays another amount.')
  if (leg.paidFrom === 'router') refuse('the router would have to pay it from what it holds.')
  if (leg.paidFrom === 'native' && !isAddressEqual(leg.hops[0].tokenIn, deployment.contracts.wrappedNative)) {
    refuse('it is paid in the native coin but starts with another token than the wrapped one.')
  }
  if ((leg.paidTo === 'router') !== paysNative(leg, deployment.contracts.wrappedNative)) {
    refuse('only wrapped coin is paid to the router, to be unwrapped.')
  }
  leg.hops.forEach((hop, hopIndex) => {
    const previous = leg.hops[hopIndex - 1]
    if (previous !== undefined && !isAddressEqual(previous.tokenOut, hop.tokenIn)) refuse('its hops do not connect.')
    if (isAddressEqual(hop.tokenIn, hop.tokenOut)) refuse('a hop buys what it sells.')
    if (hop.pool.kind === 'singleton') refuse('the router knows no v4 pools.')
    if (hop.pool.id.toLowerCase() !== poolIdOf(hop, deployment).toLowerCase()) {
      refuse(`the router would not use the pool ${hop.pool.id}.`)
    }
  })
  const visited = [leg.hops[0].tokenIn, ...leg.hops.map((hop) => hop.tokenOut)].map((token) => token.toLowerCase())
  if (new Set(visited).size !== visited.length) refuse('it passes the same token twice.')
  return leg
}

/**
 * Holds for every plan that passes: while native coin for later legs is in the router, WETH is paid by natively funded first hops
 * only; and when a hop spends "all that the router holds", that is only what the hop before it paid there.
 */
function checkOrder(legs: readonly Leg[], wrappedNative: Address): void {
  let isNativeOver = false
  let isWrappedLeft = false
  legs.forEach((leg, index) => {
    if (!isNativelyPaid(leg)) isNativeOver = true
    else if (isNativeOver) throw new UnencodablePlanError('legs paid in the native coin must come first.', index)
    if (isWrappedLeft && runsOf(leg).some((run, i) => i > 0 && isAddressEqual(run[0].tokenIn, wrappedNative))) {
      throw new UnencodablePlanError('it would spend wrapped coin that an earlier leg left to be unwrapped.', index)
    }
    if (paysNative(leg, wrappedNative)) isWrappedLeft = true
  })
}

type Run = readonly [Hop, ...Hop[]]

/** Splits a leg where the protocol changes: each run is one call of the router. */
function runsOf(leg: Leg): readonly Run[] {
  const runs: [Hop, ...Hop[]][] = []
  for (const hop of leg.hops) {
    const current = runs.at(-1)
    if (current !== undefined && current[0].pool.kind === hop.pool.kind) current.push(hop)
    else runs.push([hop])
  }
  return runs
}

function encodeLeg(leg: Leg, isUnwrappedLater: boolean): readonly Hex[] {
  const runs = runsOf(leg)
  return runs.map((run, index) => {
    const isLast = index === runs.length - 1
    return encodeRun(run, {
      amountIn: index === 0 ? leg.amountIn : contractBalance,
      minimumOut: isLast ? leg.minimumOut : 0n,
      recipient: isLast && !isUnwrappedLater ? routerFlags.caller : routerFlags.router,
    })
  })
}

function encodeRun(
  run: Run,
  { amountIn, minimumOut, recipient }: { amountIn: bigint; minimumOut: bigint; recipient: Address },
): Hex {
  const [first, ...others] = run
  if (first.pool.kind === 'constantProduct') {
    const path = [first.tokenIn, ...run.map((hop) => hop.tokenOut)]
    return encodeFunctionData({
      abi: swapRouter02Abi,
      functionName: 'swapExactTokensForTokens',
      args: [amountIn, minimumOut, path, recipient],
    })
  }
  if (others.length === 0) {
    const { tokenIn, tokenOut, pool } = first
    return encodeFunctionData({
      abi: swapRouter02Abi,
      functionName: 'exactInputSingle',
      args: [
        {
          tokenIn,
          tokenOut,
          fee: pool.feePips,
          recipient,
          amountIn,
          amountOutMinimum: minimumOut,
          sqrtPriceLimitX96: 0n,
        },
      ],
    })
  }
  const path = concat([
    first.tokenIn,
    ...run.flatMap(({ pool, tokenOut }) => [numberToHex(pool.feePips, { size: 3 }), tokenOut]),
  ])
  return encodeFunctionData({
    abi: swapRouter02Abi,
    functionName: 'exactInput',
    args: [{ path, recipient, amountIn, amountOutMinimum: minimumOut }],
  })
}
