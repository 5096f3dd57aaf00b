import { encodeFunctionData } from 'viem'
import { erc20Abi } from '@/lib/chain/abis'
import type { Token } from '@/lib/core/asset'
import type { Call } from '@/lib/core/bundle'
import type { Address } from '@/lib/core/units'

/** An allowance that cannot be lowered by one call. */
export class NotLowerableError extends Error {
  override readonly name = 'NotLowerableError'
  constructor(readonly token: Address) {
    super(`The token ${token} takes only a new allowance after the old one was revoked. Revoke it.`)
  }
}

/**
 * The call that lowers what a contract may take of a token to an exact amount above 0. To end it, see `composeRevoke`.
 * @throws {NotLowerableError} for a token that has to be reset first (USDT), and for 0
 */
export function composeLower({
  token,
  spender,
  amount,
}: {
  readonly token: Pick<Token, 'address' | 'resetsAllowance'>
  readonly spender: Address
  readonly amount: bigint
}): Call {
  if (token.resetsAllowance || amount <= 0n) throw new NotLowerableError(token.address)
  const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, amount] })
  return Object.freeze({ to: token.address, data, value: 0n })
}
