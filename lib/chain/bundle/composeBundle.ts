import { isAddressEqual } from 'viem'
import type { Deployment } from '@/lib/chain/deployments/deployment'
import { nativeAddress } from '@/lib/core/asset'
import type { Bundle } from '@/lib/core/bundle'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { Snapshot } from '@/lib/core/snapshot'
import { composeApprovals } from './composeApprovals'
import { encodeSwapRouter02 } from './encodeSwapRouter02'
import { encodeUniversalRouter } from './encodeUniversalRouter'
import { bundleCalls, hashCalls } from './hashBundle'
import { knownAmount, type RouterCall, readingOf, type Spent, sumSpent } from './routerCall'
import { UnencodablePlanError } from './unencodablePlan'

/**
 * Encodes exactly the legs of a plan, in their order, into one call of the plan's router and the approvals that it needs.
 * @throws {UnencodablePlanError} when a leg is malformed, funds do not suffice, the order would let one leg spend another's, or
 * something would stay in the router.
 */
export function composeBundle({
  plan,
  snapshot,
  deployment,
}: {
  readonly plan: RebalancePlan
  readonly snapshot: Snapshot
  readonly deployment: Deployment
}): Bundle {
  checkSameSubject(plan, snapshot, deployment)
  const { swap, spent } = encodeRouterCall(plan, deployment)
  checkSpendings(spent, plan)
  checkFunds(spent, snapshot, plan.nativeReserve)
  const erc20s = spent.filter(({ token }) => !isAddressEqual(token, nativeAddress))
  const approvals = Object.freeze(composeApprovals(erc20s, { plan, snapshot, deployment }))
  const { account, chainId, deadline } = plan
  const hash = hashCalls({ account, chainId, calls: bundleCalls({ approvals, swap }) })
  return Object.freeze({ chainId, account, approvals, swap: Object.freeze(swap), deadline, hash })
}

function encodeRouterCall(plan: RebalancePlan, deployment: Deployment): RouterCall {
  switch (plan.router) {
    case 'swapRouter02':
      return encodeSwapRouter02(plan, deployment)
    case 'universalRouter':
      return encodeUniversalRouter(plan, deployment)
  }
}

function checkSameSubject(plan: RebalancePlan, snapshot: Snapshot, deployment: Deployment): void {
  if (plan.chainId !== deployment.chainId || plan.chainId !== snapshot.chainId) {
    throw new UnencodablePlanError('it was made for another chain.')
  }
  if (!isAddressEqual(plan.account, snapshot.account))
    throw new UnencodablePlanError('it was made for another account.')
  const remaining = plan.deadline - plan.block.timestamp
  if (!Number.isSafeInteger(plan.deadline) || remaining <= 0 || remaining > 600) {
    throw new UnencodablePlanError('its deadline is not within 600 seconds of its block.')
  }
}

/** What the legs take is what the plan says that leaves the account. */
function checkSpendings(spent: readonly Spent[], { spendings }: RebalancePlan): void {
  const planned = new Map(sumSpent(spendings).map(({ token, amount }) => [token.toLowerCase(), amount]))
  const isSame = ({ token, amount }: Spent) => planned.get(token.toLowerCase()) === amount
  if (planned.size !== spent.length || !spent.every(isSame)) {
    throw new UnencodablePlanError('its legs take other amounts than it says.')
  }
}

function checkFunds(spent: readonly Spent[], snapshot: Snapshot, nativeReserve: bigint): void {
  for (const { token, amount } of spent) {
    const held = knownAmount(readingOf(snapshot, token).balance, 'balance')
    if (isAddressEqual(token, nativeAddress)) {
      if (amount + nativeReserve > held) {
        throw new UnencodablePlanError('it spends more of the native coin than is held above the reserve.')
      }
    } else if (amount > held) {
      throw new UnencodablePlanError(`it spends more of the token ${token} than is held.`)
    }
  }
}
