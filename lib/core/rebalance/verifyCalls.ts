import { nativeAddress } from '../asset'
import type { RebalancePlan } from './plan'
import { demand, UnverifiedPlanError } from './planPromises'
import type { PlanRequest } from './planRequest'

/** The bundle's calls fit into the wallet's batch: approvals and resets, grants at Permit2, and one call of the router. */
export function verifyCalls({ router, spendings, deadline, part }: RebalancePlan, request: PlanRequest): void {
  const { callLimit, snapshot } = request
  if (part !== undefined) demand(callLimit !== undefined && part.of > 1, 'calls', 'it is one of several without need')
  if (callLimit === undefined) return
  const rows = snapshot.assets.flatMap(({ tokens }) => tokens)
  let calls = 1
  for (const { token: address, amount } of spendings) {
    if (address === nativeAddress) continue
    const row = rows.find(({ token }) => token.address === address)
    if (row === undefined) throw new UnverifiedPlanError('A-09', 'a token is sold that is not in the snapshot')
    const allowance = router === 'swapRouter02' ? row.routerAllowance : row.permit2Allowance
    const isEnough = allowance.status === 'known' && allowance.amount >= amount
    const mayBeSome = allowance.status !== 'known' || allowance.amount > 0n
    if (!isEnough) calls += row.token.resetsAllowance && mayBeSome ? 2 : 1
    if (router === 'swapRouter02') continue
    const grant = row.universalRouterGrant
    const isGranted = grant.status === 'known' && grant.amount >= amount && grant.expiration >= deadline
    if (!isGranted) calls += 1
  }
  demand(calls <= callLimit, 'calls', `it takes ${calls} calls where the wallet takes ${callLimit}`)
}
