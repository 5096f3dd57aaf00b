import { encodeFunctionData } from 'viem'
import { erc20Abi, permit2Abi } from '@/lib/chain/abis'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import type { Call } from '@/lib/core/bundle'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { BalanceReading, Snapshot, TokenReading } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { knownAmount, readingOf, type Spent } from './routerCall'
import { UnencodablePlanError } from './unencodablePlan'

/** Permit2 keeps amounts in 160 bits, of which all ones mean "without limit". */
const permit2Limit = 2n ** 160n - 1n

/**
 * The approvals that a bundle needs for what it spends of ERC-20s, each of the exact amount and only where what is allowed does not
 * suffice: of SwapRouter02 at the token; for the Universal Router of Permit2 at the token, and at Permit2 a grant that dies when the
 * time of its block is over (expiration 0).
 * @throws {UnencodablePlanError} when it is unknown what is allowed
 */
export function composeApprovals(
  spent: readonly Spent[],
  {
    plan,
    snapshot,
    deployment,
  }: { readonly plan: RebalancePlan; readonly snapshot: Snapshot; readonly deployment: Deployment },
): readonly Call[] {
  const { swapRouter02, permit2, universalRouter } = deployment.contracts
  switch (plan.router) {
    case 'swapRouter02':
      return spent.flatMap(({ token, amount }) => {
        const reading = readingOf(snapshot, token)
        return approveErc20(reading, { amount, spender: swapRouter02, allowed: reading.routerAllowance })
      })
    case 'universalRouter':
      return spent.flatMap(({ token, amount }) => {
        const reading = readingOf(snapshot, token)
        const erc20 = approveErc20(reading, { amount, spender: permit2, allowed: reading.permit2Allowance })
        if (isGranted(reading, amount, plan.deadline)) return erc20
        if (amount >= permit2Limit) throw new UnencodablePlanError(`Permit2 cannot pull so much of the token ${token}.`)
        const args = [reading.token.address, universalRouter, amount, 0] as const
        const data = encodeFunctionData({ abi: permit2Abi, functionName: 'approve', args })
        return [...erc20, Object.freeze({ to: permit2, data, value: 0n })]
      })
  }
}

function approveErc20(
  { token }: TokenReading,
  {
    amount,
    spender,
    allowed,
  }: { readonly amount: bigint; readonly spender: Address; readonly allowed: BalanceReading },
): readonly Call[] {
  const before = knownAmount(allowed, 'allowance')
  if (before >= amount) return []
  const approve = (allowance: bigint): Call =>
    Object.freeze({
      to: token.address,
      data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, allowance] }),
      value: 0n,
    })
  return token.resetsAllowance && before > 0n ? [approve(0n), approve(amount)] : [approve(amount)]
}

/** Whether the Universal Router may already pull an amount, and still may in the last block that it may be executed in. */
function isGranted({ universalRouterGrant }: TokenReading, amount: bigint, deadline: number): boolean {
  if (universalRouterGrant.status === 'unreadable') {
    throw new UnencodablePlanError('what Permit2 grants of a sold token is unknown.')
  }
  return universalRouterGrant.amount >= amount && universalRouterGrant.expiration >= deadline
}
