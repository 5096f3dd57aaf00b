import { encodeFunctionData } from 'viem'
import { erc20Abi } from '@/lib/chain/abis'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { Call } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'

/** The call that sets what SwapRouter02 may spend of a token back to 0. */
export function composeRevoke(token: Address, { contracts }: Pick<Deployment, 'contracts'>): Call {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [contracts.swapRouter02, 0n] })
  return Object.freeze({ to: token, data, value: 0n })
}
