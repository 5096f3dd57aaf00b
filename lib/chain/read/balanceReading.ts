import type { Token } from '@/lib/core/asset'
import type { BalanceReading } from '@/lib/core/snapshot'
import type { ReadResult } from './aggregate3'
import { wordAt } from './words'

/** Takes one returned word for an amount. What cannot be read is unreadable, never zero. */
export function toBalanceReading(result: ReadResult | undefined): BalanceReading {
  if (result === undefined || !result.success) return { status: 'unreadable', reason: 'the contract refused to answer' }
  const amount = wordAt(result.data, 0)
  if (amount !== undefined) return { status: 'known', amount }
  const reason = result.data === '0x' ? 'there is no contract at its address' : 'the contract answered too few bytes'
  return { status: 'unreadable', reason }
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
