import type { Deployment } from '@/lib/chain/deployments/deployment'
import { nativeAddress, type Token } from '@/lib/core/asset'
import type { Allowance } from '@/lib/core/execution/outcome'
import type { Snapshot, TokenReading } from '@/lib/core/snapshot'

/** What one contract may take of one token. */
export type AllowanceView = Pick<Allowance, 'kind' | 'spender'> & {
  readonly token: Token
  readonly amount: bigint
  /** More than there can be of any token. */
  readonly isUnlimited: boolean
  /** Unix seconds, for what Permit2 lets be pulled. */
  readonly expiration?: number
}

/** From here on an amount means "everything, for ever"; Permit2 itself counts to 2^160 - 1. */
export const unlimitedFrom = 2n ** 159n

function listOf(
  { token, routerAllowance, permit2Allowance, universalRouterGrant }: TokenReading,
  { swapRouter02, permit2, universalRouter }: Deployment['contracts'],
  timestamp: number,
): readonly AllowanceView[] {
  const erc20 = [
    { reading: routerAllowance, spender: swapRouter02 },
    { reading: permit2Allowance, spender: permit2 },
  ].flatMap(({ reading, spender }): AllowanceView[] =>
    reading.status === 'known' && reading.amount > 0n
      ? [{ kind: 'erc20', token, spender, amount: reading.amount, isUnlimited: reading.amount >= unlimitedFrom }]
      : [],
  )
  const grant = universalRouterGrant
  if (grant.status !== 'known' || grant.amount === 0n || grant.expiration < timestamp) return erc20
  const { amount, expiration } = grant
  return [
    ...erc20,
    { kind: 'permit2', token, spender: universalRouter, amount, isUnlimited: amount >= unlimitedFrom, expiration },
  ]
}

/** Lists what our routers and Permit2 may take: allowances of the tokens, and grants of Permit2 that have not run out. */
export function listAllowances(
  { assets, block }: Pick<Snapshot, 'assets' | 'block'>,
  { contracts }: Pick<Deployment, 'contracts'>,
): readonly AllowanceView[] {
  return assets.flatMap(({ tokens }) =>
    tokens.flatMap((reading) =>
      reading.token.address === nativeAddress ? [] : listOf(reading, contracts, block.timestamp),
    ),
  )
}
