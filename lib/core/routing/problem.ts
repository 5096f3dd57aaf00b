/** A token of the graph: what is held of it and the band its share of the portfolio must end in. */
export interface RoutingToken {
  readonly id: string
  /** Reference price in the unit of account per whole token; positive. */
  readonly price: number
  /** Whole tokens held before; not negative. */
  readonly holding: number
  /** Least share of the portfolio afterwards, 0 to 1. */
  readonly lower: number
  /** Greatest share of the portfolio afterwards; equal to `lower` for an exact target. */
  readonly upper: number
}

/** A pool with x y = k (Uniswap v2). */
export interface ConstantProductPool {
  readonly id: string
  readonly kind: 'constantProduct'
  readonly tokens: readonly [string, string]
  /** Whole tokens in the pool, in the order of `tokens`; positive. */
  readonly reserves: readonly [number, number]
  /** Fraction of the amount in that the pool keeps, in [0, 1). */
  readonly fee: number
  /** What calling this pool costs, in the unit of account. */
  readonly gasCost: number
}

/** Liquidity that is constant between two square roots of price. */
export interface LiquidityRange {
  /** Square root of (second token per one first token); not negative. */
  readonly lower: number
  /** Square root of (second token per one first token); above `lower`. */
  readonly upper: number
  /** L of Uniswap v3 in whole tokens: sqrt(first x second). */
  readonly liquidity: number
}

/** A pool with concentrated liquidity (Uniswap v3, v4 without hooks). Its ranges rise and do not overlap; gaps are allowed. */
export interface ConcentratedPool {
  readonly id: string
  readonly kind: 'concentrated'
  readonly tokens: readonly [string, string]
  readonly fee: number
  readonly gasCost: number
  /** Square root of (second token per one first token) now; positive. */
  readonly sqrtPrice: number
  readonly ranges: readonly LiquidityRange[]
}

/** A pool that the planner may call once. */
export type RoutingPool = ConstantProductPool | ConcentratedPool

/** From these holdings into these bands through these pools. */
export interface RoutingProblem {
  readonly tokens: readonly RoutingToken[]
  readonly pools: readonly RoutingPool[]
  /** The greatest number of pools that a plan may call. */
  readonly maxPoolCalls?: number
}

/** How far sums of weights may be from 1 before a problem is refused. */
export const weightTolerance = 1e-9

/** A problem that the planner cannot take, with the field at fault. */
export class InvalidRoutingProblemError extends Error {
  override readonly name = 'InvalidRoutingProblemError'
  constructor(
    /** Where in the problem, such as `pools[3].reserves[1]`. */
    readonly field: string,
    /** What is asked of that field. */
    readonly demand: string,
  ) {
    super(`${field} ${demand}`)
  }
}

type Fields = { readonly [key: string]: unknown }

function invalid(field: string, demand: string): never {
  throw new InvalidRoutingProblemError(field, demand)
}

function shown(value: unknown): string {
  if (value === undefined) return 'it is missing'
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return `got ${(text ?? typeof value).slice(0, 60)}`
}

function toFields(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    invalid(field, `must be an object; ${shown(value)}`)
  return value as Fields
}

function toList(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) invalid(field, `must be a list; ${shown(value)}`)
  return value
}

function toNumber(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) invalid(field, `must be a finite number; ${shown(value)}`)
  return value
}

function toAtLeastZero(value: unknown, field: string): number {
  const number = toNumber(value, field)
  if (number < 0) invalid(field, `must not be negative; ${shown(value)}`)
  return number
}

function toPositive(value: unknown, field: string): number {
  const number = toNumber(value, field)
  if (number <= 0) invalid(field, `must be positive; ${shown(value)}`)
  return number
}

function toId(value: unknown, field: string, taken: Set<string>): string {
  if (typeof value !== 'string' || value === '') invalid(field, `must be a name in quotes; ${shown(value)}`)
  if (taken.has(value)) invalid(field, `must be unique; ${shown(value)} a second time`)
  taken.add(value)
  return value
}

function toToken(value: unknown, field: string, taken: Set<string>): RoutingToken {
  const fields = toFields(value, field)
  const token = {
    id: toId(fields.id, `${field}.id`, taken),
    price: toPositive(fields.price, `${field}.price`),
    holding: toAtLeastZero(fields.holding, `${field}.holding`),
    lower: toAtLeastZero(fields.lower, `${field}.lower`),
    upper: toAtLeastZero(fields.upper, `${field}.upper`),
  }
  if (token.lower > token.upper)
    invalid(`${field}.lower`, `must not exceed upper; got ${token.lower} above ${token.upper}`)
  return token
}

function toPair(value: unknown, field: string, known: Set<string>): readonly [string, string] {
  const list = toList(value, field)
  if (list.length !== 2) invalid(field, `must name two tokens; got ${list.length}`)
  const names = list.map((name, at) => {
    if (typeof name !== 'string') invalid(`${field}[${at}]`, `must be a token; ${shown(name)}`)
    if (!known.has(name)) invalid(`${field}[${at}]`, `must be a token of the problem; ${shown(name)}`)
    return name
  })
  const [first, second] = names as [string, string]
  if (first === second) invalid(field, `must name two different tokens; ${shown(list)}`)
  return [first, second]
}

function toRanges(value: unknown, field: string): readonly LiquidityRange[] {
  const ranges = toList(value, field).map((entry, at) => {
    const fields = toFields(entry, `${field}[${at}]`)
    const range = {
      lower: toAtLeastZero(fields.lower, `${field}[${at}].lower`),
      upper: toPositive(fields.upper, `${field}[${at}].upper`),
      liquidity: toAtLeastZero(fields.liquidity, `${field}[${at}].liquidity`),
    }
    if (range.lower >= range.upper)
      invalid(`${field}[${at}].lower`, `must be below upper; got ${range.lower} and ${range.upper}`)
    return range
  })
  if (!ranges.some((range) => range.liquidity > 0)) invalid(field, 'must hold liquidity in at least one range')
  const sorted = [...ranges].sort((a, b) => a.lower - b.lower)
  sorted.forEach((range, at) => {
    const below = sorted[at - 1]
    // Bounds computed from ticks may differ in the last digits.
    if (below !== undefined && below.upper > range.lower * (1 + 1e-12))
      invalid(
        `${field}[${ranges.indexOf(range)}].lower`,
        `must not lie in another range; got ${range.lower} below ${below.upper}`,
      )
  })
  return sorted
}

function toPool(value: unknown, field: string, taken: Set<string>, known: Set<string>): RoutingPool {
  const fields = toFields(value, field)
  const kind = fields.kind
  if (kind !== 'constantProduct' && kind !== 'concentrated')
    invalid(`${field}.kind`, `must be "constantProduct" or "concentrated"; ${shown(kind)}`)
  const fee = toAtLeastZero(fields.fee, `${field}.fee`)
  if (fee >= 1) invalid(`${field}.fee`, `must be below 1; ${shown(fee)}`)
  const common = {
    id: toId(fields.id, `${field}.id`, taken),
    tokens: toPair(fields.tokens, `${field}.tokens`, known),
    fee,
    gasCost: fields.gasCost === undefined ? 0 : toAtLeastZero(fields.gasCost, `${field}.gasCost`),
  }
  if (kind === 'concentrated')
    return {
      ...common,
      kind,
      sqrtPrice: toPositive(fields.sqrtPrice, `${field}.sqrtPrice`),
      ranges: toRanges(fields.ranges, `${field}.ranges`),
    }
  const reserves = toList(fields.reserves, `${field}.reserves`)
  if (reserves.length !== 2) invalid(`${field}.reserves`, `must be two amounts; got ${reserves.length}`)
  return {
    ...common,
    kind,
    reserves: [toPositive(reserves[0], `${field}.reserves[0]`), toPositive(reserves[1], `${field}.reserves[1]`)],
  }
}

/**
 * Takes parsed JSON for a routing problem.
 * @returns the problem, the ranges of each pool in rising order; unknown fields are left out, a missing `gasCost` is 0.
 * @throws {InvalidRoutingProblemError} when a field is missing or out of its range, naming the field.
 */
export function toRoutingProblem(json: unknown): RoutingProblem {
  const fields = toFields(json, 'problem')
  const known = new Set<string>()
  const tokens = toList(fields.tokens, 'tokens').map((token, at) => toToken(token, `tokens[${at}]`, known))
  if (tokens.length === 0) invalid('tokens', 'must name at least one token')
  const lowers = tokens.reduce((sum, token) => sum + token.lower, 0)
  const uppers = tokens.reduce((sum, token) => sum + token.upper, 0)
  if (lowers > 1 + weightTolerance) invalid('tokens.lower', `must sum to at most 1 over all tokens; got ${lowers}`)
  if (uppers < 1 - weightTolerance) invalid('tokens.upper', `must sum to at least 1 over all tokens; got ${uppers}`)
  const value = tokens.reduce((sum, token) => sum + token.price * token.holding, 0)
  if (value === 0) invalid('tokens.holding', 'must be positive for at least one token')
  if (!Number.isFinite(value)) invalid('tokens.holding', 'must not be worth more than a number holds')
  const taken = new Set<string>()
  const pools = toList(fields.pools, 'pools').map((pool, at) => toPool(pool, `pools[${at}]`, taken, known))
  const calls = fields.maxPoolCalls
  if (calls === undefined || calls === null) return { tokens, pools }
  if (typeof calls !== 'number' || !Number.isInteger(calls) || calls < 0)
    invalid('maxPoolCalls', `must be a whole number from 0; ${shown(calls)}`)
  return { tokens, pools, maxPoolCalls: calls }
}
