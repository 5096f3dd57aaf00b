import { encodeFunctionData } from 'viem'
import { erc20Abi, permit2Abi } from '@/lib/chain/abis'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { Call } from '@/lib/core/bundle'
import type { Allowance } from '@/lib/core/execution/outcome'

/** The call that sets an allowance back to 0: at the token, or at Permit2 for what it lets the Universal Router pull. */
export function composeRevoke(
  { kind, token, spender }: Pick<Allowance, 'kind' | 'token' | 'spender'>,
  { contracts }: Pick<Deployment, 'contracts'>,
): Call {
  switch (kind) {
    case 'erc20': {
      const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, 0n] })
      return Object.freeze({ to: token, data, value: 0n })
    }
    case 'permit2': {
      const data = encodeFunctionData({ abi: permit2Abi, functionName: 'approve', args: [token, spender, 0n, 0] })
      return Object.freeze({ to: contracts.permit2, data, value: 0n })
    }
  }
}
