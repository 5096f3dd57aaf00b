import type { AssetId } from '../asset'
import type { Address, Hex } from '../units'

/** What one leg paid, beside what was quoted and promised. Base units. */
export type LegOutcome = {
  readonly sell: AssetId
  readonly buy: AssetId
  readonly amountIn: bigint
  readonly quotedOut: bigint
  readonly minimumOut: bigint
  readonly receivedOut: bigint
}

/** What arrived of one bought token over all legs; the native coin under its pseudo-address. */
export type BoughtOutcome = {
  readonly token: Address
  readonly quoted: bigint
  readonly minimum: bigint
  readonly received: bigint
}

/**
 * What a contract may take of a token: `erc20` by the token's own allowance (SwapRouter02, or Permit2 for whomever it lets), `permit2`
 * by what Permit2 lets the Universal Router pull.
 */
export type Allowance = {
  readonly kind: 'erc20' | 'permit2'
  readonly token: Address
  readonly spender: Address
  /** Base units; 0 where Permit2's grant has expired. */
  readonly amount: bigint
}

/** What an executed rebalance did, read from the chain. */
export type ExecutionOutcome = {
  readonly txHash: Hex
  readonly blockNumber: bigint
  readonly legs: readonly LegOutcome[]
  readonly bought: readonly BoughtOutcome[]
  /** Units of gas of the transaction that swapped and of the approvals before it. */
  readonly gasUsed: bigint
  /** Wei paid for that gas, a layer-2 data fee included. */
  readonly gasPaid: bigint
  /** What the contracts that this execution went through may still take of each sold token. */
  readonly allowancesAfter: readonly Allowance[]
}
