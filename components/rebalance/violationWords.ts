import { type Address, assertNever } from '@/lib/core/units'
import type { ReviewViolation } from '@/lib/query/readReview'

/** Says what in the bytes, or in what they would do, is not as the plan has it. */
export function describeViolation(violation: ReviewViolation, nameToken: (token: Address) => string): string {
  switch (violation.kind) {
    case 'foreignRouter':
      return `The swaps would go to ${violation.router}, which is not Uniswap's router.`
    case 'foreignSpender':
      return `${nameToken(violation.token)} would be allowed to ${violation.spender}, which is not Uniswap's router.`
    case 'foreignRecipient':
      return `Something would be paid to ${violation.recipient}, which is not your account.`
    case 'unlistedToken':
      return `The token ${violation.token} is not on the list of this chain.`
    case 'tokenOutsidePlan':
      return `${nameToken(violation.token)} is not part of the plan.`
    case 'wrongApproval':
      return `The approval of ${nameToken(violation.token)} is not the exact amount.`
    case 'uselessApproval':
      return `${nameToken(violation.token)} is approved although nothing more is needed.`
    case 'missingApproval':
      return `The approval of ${nameToken(violation.token)} is missing.`
    case 'lastingGrant':
      return `Permit2 would let ${nameToken(violation.token)} be taken after the block of the swaps.`
    case 'wrongSpending':
      return `Another amount of ${nameToken(violation.token)} would be spent than the plan says.`
    case 'overspend':
      return `More ${nameToken(violation.token)} would be spent than you hold.`
    case 'unreadable':
      return `What you hold of ${nameToken(violation.token)} is unknown.`
    case 'wrongValue':
      return 'The ETH that is sent along differs from the plan.'
    case 'swapDiffersFromPlan':
      return `Swap ${violation.swapIndex + 1} differs from the plan.`
    case 'minimumAboveQuote':
      return `Swap ${violation.swapIndex + 1} asks for more than its quote.`
    case 'lowMinimum':
      return `Swap ${violation.swapIndex + 1} would accept less than the plan.`
    case 'belowOracle':
      return `Swap ${violation.swapIndex + 1} would accept less than the floor from the price feeds.`
    case 'unpriced':
      return `Swap ${violation.swapIndex + 1} trades something without a reliable price.`
    case 'leftInRouter':
      return `${nameToken(violation.token)} would be left in the router.`
    case 'leavesInRouter':
      return `${nameToken(violation.token)} stays in the router after the simulation.`
    case 'overdrawn':
      return `More ${nameToken(violation.token)} would be spent than the router then holds.`
    case 'needlessStep':
      return 'The router is told to move something that it does not hold.'
    case 'wrongPurchase':
      return `The least ${nameToken(violation.token)} that you receive differs from the plan.`
    case 'purchaseBelowOracle':
      return `You could receive less ${nameToken(violation.token)} than the floor from the price feeds.`
    case 'unpricedToken':
      return `${nameToken(violation.token)} has no reliable price.`
    case 'notUnwrapped':
      return `Swap ${violation.swapIndex + 1} would pay WETH instead of ETH.`
    case 'badDeadline':
      return 'The deadline is not within ten minutes of the plan.'
    case 'spendsDifferently':
      return `The simulation spends another amount of ${nameToken(violation.token)} than the bytes say.`
    case 'receivesTooLittle':
      return `The simulation brings less ${nameToken(violation.token)} than its minimum.`
    case 'changesForeignToken':
      return `The simulation changes your ${nameToken(violation.token)}, which is not part of this.`
    case 'raisesAllowance':
      return `The simulation leaves a higher allowance of ${nameToken(violation.token)} behind.`
    case 'deltaDiffers':
      return violation.expected === 0n
        ? `The simulation changes your ${nameToken(violation.token)}, which is not part of the plan.`
        : `The simulation moves another amount of ${nameToken(violation.token)} than the plan says: a token that keeps a part for itself does so.`
    default:
      return assertNever(violation)
  }
}
