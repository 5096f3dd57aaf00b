declare const unit: unique symbol
export type Branded<Base, Tag extends string> = Base & { readonly [unit]: Tag }

/** A share of a whole in basis points: an integer from 0 (none) to 10 000 (all). */
export type Bps = Branded<number, 'bps'>

/** An amount of money in US dollars x 1e18. Never negative unless a name says so (`Signed…`). */
export type Usd = Branded<bigint, 'usd'>

/** The number of base units in one dollar of a {@link Usd}. */
export const usdUnit = 10n ** 18n

/** All basis points of a whole. */
export const bpsWhole = 10_000

/** An EIP-55 or lower-case account or contract address. */
export type Address = `0x${string}`

/** Bytes in hexadecimal. */
export type Hex = `0x${string}`

/** A number that is not a whole number of basis points between 0 and 10 000. */
export class InvalidBpsError extends Error {
  override readonly name = 'InvalidBpsError'
  constructor(readonly value: number) {
    super(`${value} is not a weight in basis points. Use a whole number from 0 to 10 000.`)
  }
}

/**
 * Takes a number for basis points.
 * @throws {InvalidBpsError} when it is not an integer from 0 to 10 000.
 */
export function toBps(value: number): Bps {
  if (!Number.isInteger(value) || value < 0 || value > bpsWhole) throw new InvalidBpsError(value)
  return value as Bps
}

/** Takes a bigint of dollars x 1e18 for an amount of money. */
export function toUsd(value: bigint): Usd {
  return value as Usd
}

/** a x b / denominator, rounded down. All operands are non-negative, the denominator positive. */
export function mulDivDown(a: bigint, b: bigint, denominator: bigint): bigint {
  return (a * b) / denominator
}

/** a x b / denominator, rounded up. All operands are non-negative, the denominator positive. */
export function mulDivUp(a: bigint, b: bigint, denominator: bigint): bigint {
  const product = a * b
  return product === 0n ? 0n : (product - 1n) / denominator + 1n
}

/** Reached only when a union gained a member that a switch does not know. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected case: ${JSON.stringify(value)}`)
}
