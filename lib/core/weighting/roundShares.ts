/** What whole shares keep to; all whole numbers, `total` between the sums of least and most. */
export type WholeLimits = { readonly total: number; readonly least: number; readonly most: number }

/** Digits of a share that count for the order of remainders: what is beyond is noise of floats. */
const grain = 1e6

/**
 * Rounds shares to whole numbers that sum to exactly `total` (largest remainder). None leaves its limits; between equal remainders the
 * larger share comes first, then the earlier one.
 * @param shares in the unit of the limits, their sum within a fraction of one of the total
 */
export function roundShares(shares: readonly number[], { total, least, most }: WholeLimits): readonly number[] {
  const rows = shares.map((share, position) => {
    const grains = Math.round(Math.min(most, Math.max(least, share)) * grain)
    const whole = Math.floor(grains / grain)
    return { position, grains, whole, remainder: grains - whole * grain }
  })
  let missing = total - rows.reduce((sum, { whole }) => sum + whole, 0)
  const order = [...rows].sort((a, b) => b.remainder - a.remainder || b.grains - a.grains || a.position - b.position)
  // One round gives each at most one; more are run only where limits stop those that come first.
  while (missing !== 0) {
    const step = missing > 0 ? 1 : -1
    const open = (step > 0 ? order : [...order].reverse()).filter(({ whole }) =>
      step > 0 ? whole < most : whole > least,
    )
    if (open.length === 0) break
    for (const row of open.slice(0, Math.abs(missing))) {
      row.whole += step
      missing -= step
    }
  }
  return rows.map(({ whole }) => whole)
}
