import { bytesToHex, concat, encodeAbiParameters, encodeFunctionData, isAddressEqual, numberToHex } from 'viem'
import { universalRouterCommands as commands, universalRouterAbi, v4Actions } from '@/lib/chain/abis'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toCurrency } from '@/lib/chain/read/poolCandidates'
import { nativeAddress } from '@/lib/core/asset'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Address, Hex } from '@/lib/core/units'
import { poolKeyOf } from './poolIdOf'
import { type RouterCall, sumSpent } from './routerCall'
import { composeRouterSteps, type RouterStep } from './routerSteps'
import { UnencodablePlanError } from './unencodablePlan'

/** The router reads these recipients as "whoever called me" and "myself" (Uniswap, ActionConstants.sol). */
const recipients = {
  account: '0x0000000000000000000000000000000000000001',
  router: '0x0000000000000000000000000000000000000002',
} as const

/** The router reads this amount as "all that I hold of the token". */
const contractBalance = 2n ** 255n

/** v4 reads this amount as "all that the manager owes me". */
const openDelta = 0n

/** Amounts in v4 have 128 bits, those that Permit2 moves 160. */
const v4Limit = 2n ** 128n
const permit2Limit = 2n ** 160n

type Command = { readonly byte: number; readonly input: Hex }

/**
 * Encodes the legs of a plan, in their order, into one `UniversalRouter.execute(commands, inputs, deadline)`.
 * @throws {UnencodablePlanError} when the router could not execute them in this order, or something would stay in it.
 */
export function encodeUniversalRouter(plan: RebalancePlan, deployment: Deployment): RouterCall {
  const encoded = composeRouterSteps(plan, deployment).map(encodeStep)
  const data = encodeFunctionData({
    abi: universalRouterAbi,
    functionName: 'execute',
    args: [toBytes(encoded), encoded.map(({ input }) => input), BigInt(plan.deadline)],
  })
  const spent = sumSpent(plan.spendings)
  const value = spent.find(({ token }) => isAddressEqual(token, nativeAddress))?.amount ?? 0n
  return { swap: { to: deployment.contracts.universalRouter, data, value }, spent }
}

function toBytes(parts: readonly { readonly byte: number }[]): Hex {
  return bytesToHex(Uint8Array.from(parts, ({ byte }) => byte))
}

function encodeStep(step: RouterStep): Command {
  switch (step.kind) {
    case 'pull': {
      const { byte, inputs } = commands.permit2TransferFrom
      return {
        byte,
        input: encodeAbiParameters(inputs, [step.token, recipients.router, below(step.amount, permit2Limit)]),
      }
    }
    case 'swap':
      return encodeSwap(step)
    case 'wrap': {
      const { byte, inputs } = commands.wrapEth
      return { byte, input: encodeAbiParameters(inputs, [recipients.router, contractBalance]) }
    }
    case 'unwrap': {
      const { byte, inputs } = commands.unwrapWeth
      return { byte, input: encodeAbiParameters(inputs, [recipients.router, 0n]) }
    }
    case 'unwrapToAccount': {
      const { byte, inputs } = commands.unwrapWeth
      return { byte, input: encodeAbiParameters(inputs, [recipients.account, step.minimumOut]) }
    }
    case 'sweep': {
      const { byte, inputs } = commands.sweep
      const minimum = below(step.minimumOut, permit2Limit)
      return { byte, input: encodeAbiParameters(inputs, [toCurrency(step.token), recipients.account, minimum]) }
    }
  }
}

type Swap = Extract<RouterStep, { kind: 'swap' }>

function encodeSwap(swap: Swap): Command {
  const { hop, minimumOut } = swap
  const { tokenIn, tokenOut, pool } = hop
  const recipient = recipients[swap.payee]
  const amountIn = swap.amountIn === 'rest' ? contractBalance : below(swap.amountIn, permit2Limit)
  const payerIsUser = swap.payer === 'account'
  switch (pool.kind) {
    case 'constantProduct': {
      const { byte, inputs } = commands.v2SwapExactIn
      const path: readonly Address[] = [tokenIn, tokenOut]
      return { byte, input: encodeAbiParameters(inputs, [recipient, amountIn, minimumOut, path, payerIsUser]) }
    }
    case 'concentrated': {
      const { byte, inputs } = commands.v3SwapExactIn
      const path = concat([tokenIn, numberToHex(pool.feePips, { size: 3 }), tokenOut])
      return { byte, input: encodeAbiParameters(inputs, [recipient, amountIn, minimumOut, path, payerIsUser]) }
    }
    case 'singleton':
      return encodeV4Swap(swap)
  }
}

/** Pays the manager, swaps what was paid, and takes all that it then owes. */
function encodeV4Swap({ hop, amountIn, minimumOut, payer, payee }: Swap): Command {
  const { tokenIn, tokenOut, pool } = hop
  if (pool.kind !== 'singleton') throw new UnencodablePlanError(`the pool ${pool.id} is none of v4.`)
  const { settle, swapExactInSingle, take } = v4Actions
  const poolKey = poolKeyOf({ tokens: [tokenIn, tokenOut], ...pool })
  const swapped = {
    poolKey,
    zeroForOne: isAddressEqual(poolKey.currency0, toCurrency(tokenIn)),
    amountIn: amountIn === 'rest' ? openDelta : below(amountIn, v4Limit),
    amountOutMinimum: below(minimumOut, v4Limit),
    hookData: '0x',
  } as const
  const paid = amountIn === 'rest' ? contractBalance : amountIn
  const params = [
    encodeAbiParameters(settle.inputs, [toCurrency(tokenIn), paid, payer === 'account']),
    encodeAbiParameters(swapExactInSingle.inputs, [swapped]),
    encodeAbiParameters(take.inputs, [toCurrency(tokenOut), recipients[payee], openDelta]),
  ]
  const { byte, inputs } = commands.v4Swap
  return { byte, input: encodeAbiParameters(inputs, [toBytes([settle, swapExactInSingle, take]), params]) }
}

function below(amount: bigint, limit: bigint): bigint {
  if (amount >= limit) throw new UnencodablePlanError(`${amount} is more than the router can count.`)
  return amount
}
