import { decodeFunctionData, encodeFunctionData, getAddress, isAddressEqual } from 'viem'
import { erc20Abi, permit2Abi } from '@/lib/chain/abis'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { Bundle, Call, DecodedApproval, DecodedBundle } from '@/lib/core/bundle'
import { canonically, UndecodableBundleError } from './canonical'
import { decodeSwapRouter02 } from './decodeSwapRouter02'
import { decodeUniversalRouter } from './decodeUniversalRouter'

/**
 * Reads from the bytes alone what a bundle does. It shares only the ABI with the encoder, and what it does not know it refuses:
 * another function, another order of calls, bytes that its own encoding of the same facts would not have.
 *
 * @throws {UndecodableBundleError} when the bytes are anything else than approvals and one call of swaps as Ballast makes it.
 */
export function decodeBundle(
  bundle: Pick<Bundle, 'account' | 'approvals' | 'swap'>,
  deployment: Deployment,
): DecodedBundle {
  const approvals = bundle.approvals.map((call) => decodeApproval(call, deployment))
  const { swap } = bundle
  const [account, router] = [getAddress(bundle.account), getAddress(swap.to)]
  const { steps, deadline } = isAddressEqual(router, deployment.contracts.universalRouter)
    ? decodeUniversalRouter(swap.data, { account, router })
    : decodeSwapRouter02(swap, { account, router, wrappedNative: deployment.contracts.wrappedNative })
  return { approvals, steps, value: swap.value, deadline, router }
}

/** `approve` of an ERC-20, or of Permit2 where Permit2 is called. */
function decodeApproval(call: Call, { contracts }: Deployment): DecodedApproval {
  if (call.value !== 0n) throw new UndecodableBundleError('an approval sends native coin.')
  if (isAddressEqual(call.to, contracts.permit2)) {
    const { functionName, args } = canonically(call.data, () => {
      const read = decodeFunctionData({ abi: permit2Abi, data: call.data })
      return { ...read, again: encodeFunctionData({ abi: permit2Abi, ...read }) }
    })
    if (functionName !== 'approve') throw new UndecodableBundleError('a call of Permit2 is not an approval.')
    const [token, spender, amount, expiration] = args
    return { kind: 'permit2', token, spender, amount, expiration }
  }
  const { functionName, args } = canonically(call.data, () => {
    const read = decodeFunctionData({ abi: erc20Abi, data: call.data })
    return { ...read, again: encodeFunctionData({ abi: erc20Abi, ...read }) }
  })
  if (functionName !== 'approve') throw new UndecodableBundleError('a call before the swap is not an approval.')
  const [spender, amount] = args
  return { kind: 'erc20', token: getAddress(call.to), spender, amount }
}
