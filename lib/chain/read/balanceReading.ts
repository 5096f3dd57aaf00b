import type { Token } from '@/lib/core/asset'
import type { BalanceReading, Permit2Reading } from '@/lib/core/snapshot'
import type { ReadResult } from './aggregate3'
import { wordAt } from './words'

type Unreadable = Extract<BalanceReading, { readonly status: 'unreadable' }>

/** Why a result holds fewer than the words that are needed. */
function toUnreadable(result: ReadResult | undefined): Unreadable {
  if (result === undefined || !result.success) return { status: 'unreadable', reason: 'the contract refused to answer' }
  const reason = result.data === '0x' ? 'there is no contract at its address' : 'the contract answered too few bytes'
  return { status: 'unreadable', reason }
}

/** Takes one returned word for an amount. What cannot be read is unreadable, never zero. */
export function toBalanceReading(result: ReadResult | undefined): BalanceReading {
  const amount = result?.success === true ? wordAt(result.data, 0) : undefined
  return amount === undefined ? toUnreadable(result) : { status: 'known', amount }
}

/** Takes what Permit2's `allowance` returns for an amount and the time until which it holds. */
export function toPermit2Reading(result: ReadResult | undefined): Permit2Reading {
  const [amount, expiration] = result?.success === true ? [wordAt(result.data, 0), wordAt(result.data, 1)] : []
  return amount === undefined || expiration === undefined
    ? toUnreadable(result)
    : { status: 'known', amount, expiration: Number(expiration) }
}

/**
 * Says why amounts of a token cannot be trusted: `decimals()` fails or differs from the list. Nothing where they can.
 */
export function findDecimalsFault(token: Token, result: ReadResult | undefined): string | undefined {
  const reading = toBalanceReading(result)
  if (reading.status === 'unreadable') return reading.reason
  if (reading.amount === BigInt(token.decimals)) return undefined
  return `the contract says ${reading.amount} decimals, the list says ${token.decimals}`
}

/** Says why a balance is a lie: it is more than there is of the token, or nobody can say how much there is (T-46). */
export function findSupplyFault(balance: ReadResult | undefined, supply: ReadResult | undefined): string | undefined {
  const held = toBalanceReading(balance)
  const total = toBalanceReading(supply)
  if (held.status === 'unreadable') return held.reason
  if (total.status === 'unreadable') return total.reason
  if (held.amount <= total.amount) return undefined
  return `the contract lies: it says that you hold ${held.amount}, and that there are ${total.amount}`
}
