/** Parts of which none can be given a share: all are zero, or there are none. */
export class NothingToApportionError extends Error {
  override readonly name = 'NothingToApportionError'
  constructor() {
    super('A whole cannot be shared out when every part is zero. Give at least one part a positive size.')
  }
}

/**
 * Shares `whole` units out in proportion to non-negative parts, so that the shares are whole numbers and add up exactly
 * (largest remainder; between equal remainders the larger part, then the earlier one, comes first).
 * @throws {NothingToApportionError} when all parts are zero.
 * @example apportion([1n, 1n, 1n], 100) // [34, 33, 33]
 */
export function apportion(parts: readonly bigint[], whole: number): readonly number[] {
  const total = parts.reduce((sum, part) => sum + part, 0n)
  if (total <= 0n) throw new NothingToApportionError()
  const units = BigInt(whole)
  const rows = parts.map((part, position) => ({
    position,
    part,
    share: Number((part * units) / total),
    remainder: (part * units) % total,
  }))
  let missing = whole - rows.reduce((sum, row) => sum + row.share, 0)
  const byRemainder = [...rows].sort(
    (a, b) => compare(b.remainder, a.remainder) || compare(b.part, a.part) || a.position - b.position,
  )
  for (const row of byRemainder) {
    if (missing === 0) break
    row.share += 1
    missing -= 1
  }
  return rows.map((row) => row.share)
}

const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
