import { nativeAddress, type Token } from '@/lib/core/asset'
import type { Snapshot } from '@/lib/core/snapshot'

/** What the router may take of one token. */
export type Allowance = { readonly token: Token; readonly amount: bigint }

/** Lists every token of which the router may take something. */
export function listAllowances({ assets }: Pick<Snapshot, 'assets'>): readonly Allowance[] {
  return assets.flatMap(({ tokens }) =>
    tokens.flatMap(({ token, routerAllowance }) =>
      token.address !== nativeAddress && routerAllowance.status === 'known' && routerAllowance.amount > 0n
        ? [{ token, amount: routerAllowance.amount }]
        : [],
    ),
  )
}
