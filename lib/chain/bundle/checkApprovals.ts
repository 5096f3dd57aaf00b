import { isAddressEqual } from 'viem'
import type { DecodedApproval, DecodedBundle } from '@/lib/core/bundle'
import type { Permit2Reading, TokenReading } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { amountOf, type BundleSubject, sumPulled, tokenReadingOf } from './bundleFacts'
import type { BundleViolation } from './bundleViolation'

/**
 * for each token exactly the approvals that what is allowed now makes necessary, of the exact amount that is pulled, to
 * the router or, for the Universal Router, to Permit2, whose grant dies with the block.
 */
export function checkApprovals(decoded: DecodedBundle, subject: BundleSubject): readonly BundleViolation[] {
  const pulled = sumPulled(decoded)
  const tokens = [...new Set([...pulled.keys(), ...decoded.approvals.map(({ token }) => token)])]
  return [
    ...decoded.approvals.flatMap((approval) => checkSpender(approval, subject)),
    ...tokens.flatMap((token) => checkToken(token, pulled.get(token) ?? 0n, decoded, subject)),
  ]
}

function checkSpender(
  approval: DecodedApproval,
  { deployment: { contracts }, plan: { router } }: BundleSubject,
): readonly BundleViolation[] {
  const { token, spender } = approval
  const isDirect = router === 'swapRouter02'
  if (approval.kind === 'erc20') {
    const isKnown = isAddressEqual(spender, isDirect ? contracts.swapRouter02 : contracts.permit2)
    return isKnown ? [] : [{ kind: 'foreignSpender', token, spender }]
  }
  const { expiration } = approval
  return [
    ...(!isDirect && isAddressEqual(spender, contracts.universalRouter)
      ? []
      : [{ kind: 'foreignSpender', token, spender } as const]),
    ...(expiration === 0 ? [] : [{ kind: 'lastingGrant', token, expiration } as const]),
  ]
}

function checkToken(
  token: Address,
  needed: bigint,
  { approvals }: DecodedBundle,
  { plan, snapshot }: BundleSubject,
): readonly BundleViolation[] {
  const reading = tokenReadingOf(token, snapshot)
  const held = amountOf(reading?.balance)
  if (reading === undefined || held === undefined) return [{ kind: 'unreadable', token }]
  const amountsOf = (kind: DecodedApproval['kind']) =>
    approvals.filter((approval) => approval.kind === kind && approval.token === token).map(({ amount }) => amount)
  const compare = (kind: DecodedApproval['kind'], allowed: bigint | undefined, resets: boolean) =>
    allowed === undefined
      ? [{ kind: 'unreadable', token } as const]
      : compareAmounts({ token, allowed, needed, resets }, amountsOf(kind))
  const overspend: readonly BundleViolation[] = needed > held ? [{ kind: 'overspend', token, needed, held }] : []
  const resets = reading.token.resetsAllowance
  switch (plan.router) {
    case 'swapRouter02':
      return [...overspend, ...compare('erc20', amountOf(reading.routerAllowance), resets)]
    case 'universalRouter': {
      const granted = usableGrant(reading.universalRouterGrant, plan.deadline)
      return [
        ...overspend,
        ...compare('erc20', amountOf(reading.permit2Allowance), resets),
        ...compare('permit2', granted, false),
      ]
    }
  }
}

/** What Permit2 lets be pulled until the swap can no longer be executed. */
function usableGrant(reading: TokenReading['universalRouterGrant'], deadline: number): bigint | undefined {
  if (reading.status === 'unreadable') return undefined
  return isAlive(reading, deadline) ? reading.amount : 0n
}

function isAlive({ expiration }: Extract<Permit2Reading, { status: 'known' }>, deadline: number): boolean {
  return expiration >= deadline
}

function compareAmounts(
  {
    token,
    allowed,
    needed,
    resets,
  }: { readonly token: Address; readonly allowed: bigint; readonly needed: bigint; readonly resets: boolean },
  amounts: readonly bigint[],
): readonly BundleViolation[] {
  const approved = amounts.at(-1)
  if (approved === undefined) return allowed < needed ? [{ kind: 'missingApproval', token, allowed, needed }] : []
  if (allowed >= needed) return [{ kind: 'uselessApproval', token }]
  const expected = resets && allowed > 0n ? [0n, needed] : [needed]
  const isExact = amounts.length === expected.length && amounts.every((amount, index) => amount === expected[index])
  return isExact ? [] : [{ kind: 'wrongApproval', token, approved, needed }]
}
