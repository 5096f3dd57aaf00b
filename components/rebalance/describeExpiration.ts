/** The last second that has a date of four digits. Permit2 counts beyond it. */
const lastDate = 253_402_300_799

/** How long a grant of Permit2 holds. Where it names no time it ends with the block. */
export function describeExpiration(expiration: number): string {
  if (expiration === 0) return 'until this block only'
  if (expiration > lastDate) return 'for ever'
  return `until ${new Date(expiration * 1_000).toISOString().replace('T', ' ').slice(0, 16)} UTC`
}
