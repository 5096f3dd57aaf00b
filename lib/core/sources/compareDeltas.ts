import type { RebalancePlan } from '../rebalance/plan'
import type { Address } from '../units'

/** The account's balance changes by one token otherwise than the plan says; negative when it pays. */
export type DeltaMismatch = { readonly token: Address; readonly expected: bigint; readonly simulated: bigint }

/**
 * Compares what a simulation says that the account's balances change by with what the plan says, to the last unit. At a block at which
 * nothing of the plan had changed they are the same; where they are not, a token keeps a part for itself or moves what it should not,
 * however little that is: minimums leave room for it (F-47).
 * @param deltas every token that changed; the native coin, under its pseudo-address, without gas
 */
export function compareDeltas(
  { spendings, purchases }: Pick<RebalancePlan, 'spendings' | 'purchases'>,
  deltas: readonly { readonly token: Address; readonly amount: bigint }[],
): readonly DeltaMismatch[] {
  const rows = new Map<string, { token: Address; expected: bigint; simulated: bigint }>()
  const rowOf = (token: Address) => {
    const row = rows.get(token.toLowerCase()) ?? { token, expected: 0n, simulated: 0n }
    rows.set(token.toLowerCase(), row)
    return row
  }
  for (const { token, amount } of spendings) rowOf(token).expected -= amount
  for (const { token, quotedOut } of purchases) rowOf(token).expected += quotedOut
  for (const { token, amount } of deltas) rowOf(token).simulated += amount
  return [...rows.values()].filter(({ expected, simulated }) => expected !== simulated)
}
