import { isKnown, type OrUnknown, type Receipt, shareOf } from './receipt'

/** What going there and back costs. */
export type RoundTrip = {
  /** What the rebalance cost as measured. */
  readonly thereUsd: OrUnknown<bigint>
  /** What the plan back costs at fresh quotes. */
  readonly backUsd: bigint
  readonly totalUsd: OrUnknown<bigint>
  /** Both together in hundredths of a basis point of what the portfolio is worth now, rounded up. */
  readonly totalCentiBps: OrUnknown<number>
}

/** Adds what a rebalance cost to what a plan back costs. */
export function composeRoundTrip(
  { cost }: Pick<Receipt, 'cost'>,
  back: {
    readonly cost: { readonly totalUsd: bigint }
    readonly positions: readonly { readonly nowUsd: bigint }[]
  },
): RoundTrip {
  const thereUsd = cost.totalUsd
  const backUsd = back.cost.totalUsd
  if (!isKnown(thereUsd)) return { thereUsd, backUsd, totalUsd: 'unknown', totalCentiBps: 'unknown' }
  const totalUsd = thereUsd + backUsd
  const nowUsd = back.positions.reduce((sum, position) => sum + position.nowUsd, 0n)
  return { thereUsd, backUsd, totalUsd, totalCentiBps: shareOf(totalUsd, nowUsd) }
}
