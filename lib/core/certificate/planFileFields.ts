/** JSON that is not a plan file, with the field at fault. */
export class InvalidPlanFileError extends Error {
  override readonly name = 'InvalidPlanFileError'
  constructor(
    /** Where in the file, such as `plan.trades[3].amountIn`. */
    readonly field: string,
    /** What is asked of that field. */
    readonly demand: string,
    options?: ErrorOptions,
  ) {
    super(`${field} ${demand}`, options)
  }
}

/** The fields of a JSON object whose values are not known yet. */
export type JsonFields = { readonly [key: string]: unknown }

function refuse(field: string, demand: string): never {
  throw new InvalidPlanFileError(field, demand)
}

function describe(value: unknown): string {
  if (value === undefined) return 'it is missing'
  if (Array.isArray(value)) return 'got a list'
  if (typeof value === 'object' && value !== null) return 'got an object'
  return `got ${typeof value === 'string' ? JSON.stringify(value).slice(0, 60) : String(value)}`
}

/**
 * Takes a JSON value for an object.
 * @throws {InvalidPlanFileError} when it is none.
 */
export function toFields(value: unknown, field: string): JsonFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(field, `must be an object; ${describe(value)}`)
  return value as JsonFields
}

/**
 * Takes a JSON value for a list.
 * @throws {InvalidPlanFileError} when it is none.
 */
export function toList(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) refuse(field, `must be a list; ${describe(value)}`)
  return value
}

/**
 * Takes a JSON value for a finite number.
 * @throws {InvalidPlanFileError} when it is none.
 */
export function toFinite(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse(field, `must be a finite number; ${describe(value)}`)
  return value
}

/**
 * Takes a JSON value for a whole number that is exact and not negative.
 * @throws {InvalidPlanFileError} when it is none.
 */
export function toCount(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    refuse(field, `must be a whole number from 0; ${describe(value)}`)
  return value
}

/**
 * Takes a JSON value for a text that is not empty.
 * @throws {InvalidPlanFileError} when it is none.
 */
export function toText(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') refuse(field, `must be a text in quotes; ${describe(value)}`)
  return value
}

/**
 * Takes a JSON value for one of some words.
 * @throws {InvalidPlanFileError} when it is none of them.
 */
export function toWord<Word extends string | number>(value: unknown, words: readonly Word[], field: string): Word {
  const word = words.find((one) => one === value)
  if (word === undefined)
    refuse(field, `must be ${words.map((one) => JSON.stringify(one)).join(' or ')}; ${describe(value)}`)
  return word
}

/**
 * Takes a JSON value for null.
 * @throws {InvalidPlanFileError} when it is something else.
 */
export function toNull(value: unknown, field: string): null {
  if (value !== null) refuse(field, `must be null where the targets are out of reach; ${describe(value)}`)
  return null
}

/**
 * Takes a JSON value for base units: digits in quotes, no sign, no leading zero, less than 2^256.
 * @throws {InvalidPlanFileError} when it is none.
 */
export function toUnits(value: unknown, field: string): string {
  if (typeof value !== 'string' || !/^(0|[1-9]\d{0,77})$/.test(value) || BigInt(value) >= 2n ** 256n)
    refuse(field, `must be a whole number of base units in quotes; ${describe(value)}`)
  return value
}
