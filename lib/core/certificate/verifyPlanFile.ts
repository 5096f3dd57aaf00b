import { measureBound } from '../routing/bound'
import type { RoutingProblem } from '../routing/problem'
import { quotePool } from '../routing/quote'
import type { RoutingSolution, SolvedRouting } from '../routing/solution'
import { verifyRoutingSolution } from '../routing/verify'
import { verifyExactPlan } from './exactPlan'
import { measurePlanFileChecksum, type PlanFile } from './planFile'
import { orNull, type PlanViolation, toPlanViolation } from './planViolation'
import { measurePoolUse, type PoolUse } from './poolUse'

/** What checking a plan file found. Figures are computed from the problem and the trades, never taken from the file. */
export interface PlanFileVerdict {
  readonly status: 'verified' | 'violated'
  /** Worth of the plan's end at the reference prices, gas taken off. */
  readonly value: number
  /** No plan is worth more; null where the plan gives no shadow prices that are positive. */
  readonly bound: number | null
  readonly gapBps: number | null
  readonly valueBefore: number
  readonly gasCost: number
  readonly violations: readonly PlanViolation[]
  /** Pools that are called, or that would pay for their gas at the shadow prices, in the order of the problem. */
  readonly poolUse: readonly PoolUse[]
  /** The exact part when its legs pay what they say. */
  readonly made?: { readonly value: number; readonly gasCost: number; readonly gapBps: number | null }
  /** What this check cannot see, in words. */
  readonly unchecked: readonly string[]
}

/** Relative error that amounts computed in another order may show. */
const rounding = 1e-9

/** Gaps below this many basis points are rounding of the two figures that they lie between. */
const gapRounding = 1e-2

const near = (said: number, is: number, size: number) =>
  Number.isFinite(is) && Math.abs(said - is) <= rounding * Math.max(Math.abs(said), Math.abs(is), size)

/**
 * Checks a plan file from outside: every figure of the plan is computed again from the problem and the trades, the bound from the
 * shadow prices. Shares the pools' swap functions with the planner, and nothing of the optimiser.
 */
export function verifyPlanFile(file: PlanFile): PlanFileVerdict {
  const { problem, plan, made, checksum } = file
  const outcome = replay(problem, plan)
  const shadow = plan.status === 'solved' ? priceShadows(problem, plan) : undefined
  const verdict = verifyRoutingSolution(problem, plan)
  const found = verdict.status === 'ok' ? [] : verdict.violations
  const violations: PlanViolation[] = [
    ...found.map((violation) => toPlanViolation(violation, problem, plan)),
    ...checkPayments(problem, plan),
    ...checkEnd(problem, plan, outcome),
    ...(plan.status === 'solved' ? checkBound(problem, plan, shadow) : checkDistance(problem, plan, outcome)),
  ]
  const exact = made === undefined ? undefined : verifyExactPlan(made, problem, 'made')
  violations.push(...(exact?.violations ?? []))
  const sum = checksum === undefined ? undefined : measurePlanFileChecksum(file)
  if (checksum !== undefined && sum !== undefined && sum !== checksum)
    violations.push({ kind: 'wrongChecksum', field: 'checksum', said: checksum, is: sum })
  // Rounding alone can put the bound of the best plan below its value.
  const isWithin = shadow !== undefined && shadow.bound < outcome.value && near(shadow.bound, outcome.value, 0)
  const bound = shadow === undefined ? null : isWithin ? outcome.value : shadow.bound
  const gapTo = (value: number) => (bound === null ? null : (1e4 * (bound - value)) / bound)
  return {
    status: violations.length === 0 ? 'verified' : 'violated',
    value: outcome.value,
    bound,
    gapBps: gapTo(outcome.value),
    valueBefore: outcome.valueBefore,
    gasCost: outcome.gasCost,
    violations,
    poolUse: shadow === undefined ? [] : measurePoolUse(problem, plan, shadow.prices),
    ...(exact === undefined
      ? {}
      : { made: { value: exact.value, gasCost: exact.gasCost, gapBps: gapTo(exact.value) } }),
    unchecked: listUnchecked(file),
  }
}

interface Replay {
  readonly amounts: ReadonlyMap<string, number>
  /** Worth of the end, gas not taken off. */
  readonly total: number
  readonly value: number
  readonly valueBefore: number
  readonly gasCost: number
}

function replay({ tokens, pools }: RoutingProblem, { trades }: RoutingSolution): Replay {
  const amounts = new Map(tokens.map(({ id, holding }) => [id, holding]))
  for (const { sell, amountIn, buy, amountOut } of trades) {
    amounts.set(buy, (amounts.get(buy) ?? 0) + amountOut)
    amounts.set(sell, (amounts.get(sell) ?? 0) - amountIn)
  }
  const total = tokens.reduce((sum, { id, price }) => sum + price * (amounts.get(id) ?? 0), 0)
  const called = new Set(trades.map(({ pool }) => pool))
  const gasCost = pools.reduce((sum, pool) => sum + (called.has(pool.id) ? pool.gasCost : 0), 0)
  const valueBefore = tokens.reduce((sum, { price, holding }) => sum + price * holding, 0)
  return { amounts, total, value: total - gasCost, valueBefore, gasCost }
}

interface Shadows {
  /** In the order of the problem's tokens; positive. */
  readonly prices: readonly number[]
  readonly bound: number
  /** m of the dual: 1 when the prices are scaled as they should be. */
  readonly cheapest: number
}

function priceShadows(problem: RoutingProblem, { shadowPrices }: SolvedRouting): Shadows | undefined {
  const prices = problem.tokens.map(({ id }) => (Object.hasOwn(shadowPrices, id) ? (shadowPrices[id] ?? 0) : 0))
  if (!prices.every((price) => price > 0)) return undefined
  const bound = measureBound(problem, prices)
  // Without pools B(nu) = nu . h / m(nu).
  const held = problem.tokens.reduce((sum, { holding }, j) => sum + holding * (prices[j] ?? 0), 0)
  const cheapest = held / measureBound({ ...problem, pools: [] }, prices)
  return Number.isFinite(bound) && Number.isFinite(cheapest) ? { prices, bound, cheapest } : undefined
}

function checkPayments({ pools }: RoutingProblem, { trades }: RoutingSolution): readonly PlanViolation[] {
  const poolOf = new Map(pools.map((pool) => [pool.id, pool]))
  return trades.flatMap(({ pool: id, sell, amountIn, amountOut }, at): PlanViolation[] => {
    const pool = poolOf.get(id)
    if (pool === undefined || !(amountIn > 0)) return []
    const pays = quotePool(pool, pool.tokens[0] === sell ? 0 : 1, amountIn)
    // Less than the pool pays is as wrong as more: the plan would be worth more than it says.
    if (pays === undefined || amountOut >= pays * (1 - rounding)) return []
    return [{ kind: 'underpaid', field: `plan.trades[${at}].amountOut`, said: amountOut, is: pays }]
  })
}

function checkEnd({ tokens }: RoutingProblem, plan: RoutingSolution, end: Replay): readonly PlanViolation[] {
  const violations: PlanViolation[] = []
  const check = (kind: PlanViolation['kind'], field: string, said: number, is: number, size: number) => {
    if (!near(said, is, size)) violations.push({ kind, field, said, is: orNull(is) })
  }
  check('wrongValueBefore', 'plan.valueBefore', plan.valueBefore, end.valueBefore, 0)
  plan.after.forEach(({ id, weight }, at) => {
    const token = tokens[at]
    if (token?.id !== id) violations.push({ kind: 'unknownToken', field: `plan.after[${at}].id`, said: id, is: null })
    else
      check(
        'wrongWeight',
        `plan.after[${at}].weight`,
        weight,
        ((end.amounts.get(id) ?? 0) * token.price) / end.total,
        1,
      )
  })
  return violations
}

function checkBound(
  { tokens }: RoutingProblem,
  { value, bound, gapBps, shadowPrices }: SolvedRouting,
  shadow: Shadows | undefined,
): readonly PlanViolation[] {
  const violations: PlanViolation[] = []
  const known = new Set(tokens.map(({ id }) => id))
  for (const id of Object.keys(shadowPrices)) {
    if (!known.has(id))
      violations.push({ kind: 'unknownToken', field: `plan.shadowPrices[${JSON.stringify(id)}]`, said: id, is: null })
  }
  // {bps} of the two figures as they are said: both are checked on their own.
  const gap = (1e4 * (bound - value)) / bound
  if (!(Math.abs(gapBps - gap) <= rounding * Math.max(gapRounding, Math.abs(gap))))
    violations.push({ kind: 'wrongGap', field: 'plan.gapBps', said: gapBps, is: orNull(gap) })
  if (shadow === undefined) violations.push({ kind: 'wrongScale', field: 'plan.shadowPrices', said: null, is: 1 })
  else if (!near(shadow.cheapest, 1, 1))
    violations.push({ kind: 'wrongScale', field: 'plan.shadowPrices', said: shadow.cheapest, is: 1 })
  return violations
}

function checkDistance(
  { tokens }: RoutingProblem,
  plan: Exclude<RoutingSolution, SolvedRouting>,
  { amounts, total }: Replay,
): readonly PlanViolation[] {
  let distance = 0
  let worst = 0
  for (const { id, price, lower, upper } of tokens) {
    const weight = ((amounts.get(id) ?? 0) * price) / total
    const miss = Math.max(0, lower - weight, weight - upper)
    distance += miss
    worst = Math.max(worst, miss)
  }
  const violations: PlanViolation[] = []
  if (!near(plan.distance, distance, 1))
    violations.push({ kind: 'wrongDistance', field: 'plan.distance', said: plan.distance, is: orNull(distance) })
  // The planner calls a target reached a little before that.
  if (worst <= rounding / 2)
    violations.push({ kind: 'withinReach', field: 'plan.status', said: plan.status, is: 'solved' })
  return violations
}

function listUnchecked({ plan, made, checksum }: PlanFile): readonly string[] {
  return [
    'that the problem tells the truth: prices, holdings, pools and their gas are taken as the file gives them',
    ...(plan.status === 'unreachable' ? ['that no plan reaches the bands, and that this one comes nearest'] : []),
    ...(made === undefined
      ? []
      : [
          'made: that the block exists, that the pools stood there as the problem says, and that the router is the one meant',
          'made: that the pools pay these amounts in their own integer arithmetic, which only the chain can tell',
          'made: that the legs are the trades of the plan; they may be fewer, and a pool may be called more than once',
        ]),
    ...(checksum === undefined ? ['figures that nothing else depends on: the file has no checksum'] : []),
  ]
}
