import { encodeAbiParameters, keccak256 } from 'viem'
import type { Call } from '@/lib/core/bundle'
import type { Address, Hex } from '@/lib/core/units'

const canonical = [
  { type: 'address' },
  { type: 'uint256' },
  {
    type: 'tuple[]',
    components: [
      { name: 'to', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'data', type: 'bytes' },
    ],
  },
] as const

/** keccak256 of account, chain and calls in ABI encoding: the same for two requests that would do the same thing. */
export function hashCalls({
  account,
  chainId,
  calls,
}: {
  readonly account: Address
  readonly chainId: number
  readonly calls: readonly Call[]
}): Hex {
  return keccak256(encodeAbiParameters(canonical, [account, BigInt(chainId), calls]))
}

/** The calls of a bundle in the order in which they are sent. */
export function bundleCalls(bundle: { readonly approvals: readonly Call[]; readonly swap: Call }): readonly Call[] {
  return [...bundle.approvals, bundle.swap]
}

/** keccak256 of what a bundle sends; taken at review and again from the request's own parameters when it goes out. */
export function hashBundle(bundle: {
  readonly account: Address
  readonly chainId: number
  readonly approvals: readonly Call[]
  readonly swap: Call
}): Hex {
  return hashCalls({ account: bundle.account, chainId: bundle.chainId, calls: bundleCalls(bundle) })
}
