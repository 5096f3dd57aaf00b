import type { RoutingProblem } from '../routing/problem'
import { toCount, toFields, toList, toText, toUnits } from './planFileFields'

/** A token of the exact part: how whole tokens become base units, and what of it the plan may spend. */
export interface ExactToken {
  /** A token of the problem. */
  readonly id: string
  readonly decimals: number
  /** Base units, as decimal digits. */
  readonly holding: string
}

/** One exact-in call of one pool, in the order of execution. Amounts are base units as decimal digits. */
export interface ExactLeg {
  /** A pool of the problem. A pool may be called more than once where the router needs paths. */
  readonly pool: string
  /** Tokens of the problem. */
  readonly tokenIn: string
  readonly tokenOut: string
  /** The fee included. */
  readonly amountIn: string
  /** What the pool pays at the block. */
  readonly amountOut: string
  /** What the call may pay at least; 0 for hops whose path is held at its end. */
  readonly minimumOut: string
}

/** What the product would sign, in integers, and the block at which it was made. */
export interface ExactPlan {
  readonly chainId: number
  readonly block: {
    readonly number: number
    readonly hash: string
    /** Unix seconds. */
    readonly timestamp: number
  }
  /** Address of the contract that executes the legs. */
  readonly router: string
  /** Every token of the legs, once. */
  readonly tokens: readonly ExactToken[]
  readonly legs: readonly ExactLeg[]
}

/** An {@link ExactPlan} as the planner holds it: amounts as integers. */
export interface ExactPlanSource {
  readonly chainId: number
  readonly block: { readonly number: bigint; readonly hash: string; readonly timestamp: number }
  readonly router: string
  readonly tokens: readonly { readonly id: string; readonly decimals: number; readonly holding: bigint }[]
  readonly legs: readonly {
    readonly pool: string
    readonly tokenIn: string
    readonly tokenOut: string
    readonly amountIn: bigint
    readonly amountOut: bigint
    readonly minimumOut: bigint
  }[]
}

/** Writes the integers of a plan as text. */
export function encodeExactPlan({ chainId, block, router, tokens, legs }: ExactPlanSource): ExactPlan {
  return {
    chainId,
    block: { ...block, number: Number(block.number) },
    router,
    tokens: tokens.map((token) => ({ ...token, holding: String(token.holding) })),
    legs: legs.map((leg) => ({
      ...leg,
      amountIn: String(leg.amountIn),
      amountOut: String(leg.amountOut),
      minimumOut: String(leg.minimumOut),
    })),
  }
}

/**
 * Takes parsed JSON for the exact part of a plan file.
 * @throws {InvalidPlanFileError} when a field is missing or of another kind, naming the field.
 */
export function toExactPlan(json: unknown, field: string): ExactPlan {
  const fields = toFields(json, field)
  const block = toFields(fields.block, `${field}.block`)
  return {
    chainId: toCount(fields.chainId, `${field}.chainId`),
    block: {
      number: toCount(block.number, `${field}.block.number`),
      hash: toText(block.hash, `${field}.block.hash`),
      timestamp: toCount(block.timestamp, `${field}.block.timestamp`),
    },
    router: toText(fields.router, `${field}.router`),
    tokens: toList(fields.tokens, `${field}.tokens`).map((one, at) => toToken(one, `${field}.tokens[${at}]`)),
    legs: toList(fields.legs, `${field}.legs`).map((one, at) => toLeg(one, `${field}.legs[${at}]`)),
  }
}

function toToken(json: unknown, field: string): ExactToken {
  const fields = toFields(json, field)
  return {
    id: toText(fields.id, `${field}.id`),
    decimals: toCount(fields.decimals, `${field}.decimals`),
    holding: toUnits(fields.holding, `${field}.holding`),
  }
}

function toLeg(json: unknown, field: string): ExactLeg {
  const fields = toFields(json, field)
  return {
    pool: toText(fields.pool, `${field}.pool`),
    tokenIn: toText(fields.tokenIn, `${field}.tokenIn`),
    tokenOut: toText(fields.tokenOut, `${field}.tokenOut`),
    amountIn: toUnits(fields.amountIn, `${field}.amountIn`),
    amountOut: toUnits(fields.amountOut, `${field}.amountOut`),
    minimumOut: toUnits(fields.minimumOut, `${field}.minimumOut`),
  }
}

/** What does not hold in the exact part. */
export interface ExactViolation {
  readonly kind:
    | 'repeatedToken'
    | 'unknownToken'
    | 'unknownPool'
    | 'wrongTokens'
    | 'notAnAmount'
    | 'wrongMinimum'
    | 'wrongHolding'
    | 'oversold'
  readonly field: string
  readonly said: string | number
  readonly is: string | number | null
}

/** What the exact part comes to. */
export interface ExactVerdict {
  readonly violations: readonly ExactViolation[]
  /** Worth at the reference prices when each leg pays what it says, gas taken off, in the unit of account. */
  readonly value: number
  /** Gas of every call of a pool. */
  readonly gasCost: number
}

/** Relative error that whole tokens show against base units. */
const rounding = 1e-9

/**
 * Checks that the exact part is one piece: its pools and tokens are those of the problem, every amount is positive, no leg spends
 * what is not held by then, and the holdings are those of the problem. It quotes no pool.
 */
export function verifyExactPlan({ tokens, legs }: ExactPlan, problem: RoutingProblem, field: string): ExactVerdict {
  const violations: ExactViolation[] = []
  const known = new Map(problem.tokens.map((token) => [token.id, token]))
  const pools = new Map(problem.pools.map((pool) => [pool.id, pool]))
  const held = new Map<string, bigint>()
  tokens.forEach(({ id, decimals, holding }, at) => {
    const own = `${field}.tokens[${at}]`
    const token = known.get(id)
    if (token === undefined) violations.push({ kind: 'unknownToken', field: `${own}.id`, said: id, is: null })
    if (held.has(id)) violations.push({ kind: 'repeatedToken', field: `${own}.id`, said: id, is: null })
    held.set(id, BigInt(holding))
    const whole = Number(holding) / 10 ** decimals
    if (token !== undefined && !(Math.abs(whole - token.holding) <= rounding * token.holding))
      violations.push({ kind: 'wrongHolding', field: `${own}.holding`, said: holding, is: token.holding })
  })
  let gasCost = 0
  legs.forEach((leg, at) => {
    const own = `${field}.legs[${at}]`
    const pool = pools.get(leg.pool)
    gasCost += pool?.gasCost ?? 0
    if (pool === undefined) violations.push({ kind: 'unknownPool', field: `${own}.pool`, said: leg.pool, is: null })
    else if (leg.tokenIn === leg.tokenOut || ![leg.tokenIn, leg.tokenOut].every((id) => pool.tokens.includes(id)))
      violations.push({
        kind: 'wrongTokens',
        field: `${own}.tokenIn`,
        said: `${leg.tokenIn} to ${leg.tokenOut}`,
        is: pool.tokens.join(', '),
      })
    const [amountIn, amountOut, minimumOut] = [BigInt(leg.amountIn), BigInt(leg.amountOut), BigInt(leg.minimumOut)]
    for (const [name, amount] of [['amountIn', amountIn] as const, ['amountOut', amountOut] as const]) {
      if (amount === 0n) violations.push({ kind: 'notAnAmount', field: `${own}.${name}`, said: '0', is: null })
    }
    if (minimumOut > amountOut)
      violations.push({ kind: 'wrongMinimum', field: `${own}.minimumOut`, said: leg.minimumOut, is: leg.amountOut })
    const before = held.get(leg.tokenIn)
    if (before === undefined || amountIn > before)
      violations.push({
        kind: 'oversold',
        field: `${own}.amountIn`,
        said: leg.amountIn,
        is: before === undefined ? null : String(before),
      })
    held.set(leg.tokenIn, (before ?? 0n) - amountIn)
    held.set(leg.tokenOut, (held.get(leg.tokenOut) ?? 0n) + amountOut)
  })
  const decimalsOf = new Map(tokens.map(({ id, decimals }) => [id, decimals]))
  const value = problem.tokens.reduce((sum, { id, price, holding }) => {
    const [units, decimals] = [held.get(id), decimalsOf.get(id)]
    return sum + price * (units === undefined || decimals === undefined ? holding : Number(units) / 10 ** decimals)
  }, -gasCost)
  return { violations, value, gasCost }
}
