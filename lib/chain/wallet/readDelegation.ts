import { type Client, isAddressEqual, size, slice } from 'viem'
import { getCode } from 'viem/actions'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { toAppError } from '@/lib/chain/toAppError'
import type { Address } from '@/lib/core/units'

/**
 * What code controls an account: none, a delegate that is trusted (EIP-7702), one that is not (signing is blocked: it could take
 * whatever is bought), or the account is a contract.
 */
export type Delegation =
  | { readonly kind: 'none' }
  | { readonly kind: 'trusted'; readonly delegate: Address }
  | { readonly kind: 'unknown'; readonly delegate: Address }
  | { readonly kind: 'contract' }

const designator = '0xef0100'
const designatorBytes = 3
const delegationBytes = 23

/**
 * Reads from the chain what an account is delegated to (T-24).
 * @throws {AppError} when the node cannot be reached.
 */
export async function readDelegation(
  client: Client,
  { account, deployment }: { readonly account: Address; readonly deployment: Deployment },
): Promise<Delegation> {
  const code = await getCode(client, { address: account }).catch((error: unknown) => {
    throw toAppError(error)
  })
  if (code === undefined || code === '0x') return { kind: 'none' }
  if (!code.startsWith(designator) || size(code) !== delegationBytes) return { kind: 'contract' }
  const delegate = slice(code, designatorBytes)
  const isTrusted = deployment.trustedDelegates.some((trusted) => isAddressEqual(trusted, delegate))
  return { kind: isTrusted ? 'trusted' : 'unknown', delegate }
}
