import type { Token } from '../asset'
import type { Allowance } from '../execution/outcome'
import type { RebalancePlan } from '../rebalance/plan'
import type { Address } from '../units'

type Contracts = { readonly swapRouter02: Address; readonly permit2: Address }

/**
 * The amount that an allowance can be lowered to and still suffices for a plan; nothing where the plan does not use it, where it is not
 * more than that, or where it cannot be lowered by one call. What Permit2 lets be pulled is granted anew by each plan, to the end of
 * the block: it is only ever revoked.
 */
export function findLowerAmount(
  { kind, token, spender, amount }: Pick<Allowance, 'kind' | 'spender' | 'amount'> & { readonly token: Token },
  { plan, contracts }: { readonly plan: Pick<RebalancePlan, 'router' | 'spendings'>; readonly contracts: Contracts },
): bigint | undefined {
  if (kind !== 'erc20' || token.resetsAllowance) return undefined
  const used = plan.router === 'swapRouter02' ? contracts.swapRouter02 : contracts.permit2
  if (!isSame(used, spender)) return undefined
  const needed = plan.spendings.find((spending) => isSame(spending.token, token.address))?.amount
  return needed !== undefined && needed > 0n && needed < amount ? needed : undefined
}

const isSame = (a: Address, b: Address) => a.toLowerCase() === b.toLowerCase()
