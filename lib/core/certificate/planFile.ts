import { InvalidRoutingProblemError, type RoutingProblem, toRoutingProblem } from '../routing/problem'
import type { RoutingHolding, RoutingSolution, RoutingTrade, UnreachableCode } from '../routing/solution'
import { measureChecksum } from './checksum'
import { type ExactPlan, type ExactPlanSource, encodeExactPlan, toExactPlan } from './exactPlan'
import {
  InvalidPlanFileError,
  type JsonFields,
  toFields,
  toFinite,
  toList,
  toNull,
  toText,
  toWord,
} from './planFileFields'

const format = 'ballast-plan'
const version = 1

/**
 * A routing problem and a plan for it, as JSON that can be checked from outside. All numbers are finite; keys always come in the
 * order given here, so that equal plans are equal texts. `JSON.stringify` writes it, {@link toPlanFile} reads it.
 */
export interface PlanFile {
  readonly format: typeof format
  readonly version: typeof version
  /** As `cli solve` takes it. */
  readonly problem: RoutingProblem
  /** As `cli solve` prints it. */
  readonly plan: RoutingSolution
  /** What the product would sign for this plan, where there is a chain. */
  readonly made?: ExactPlan
  /**
   * CRC-32 of the JSON of all above in UTF-16, without spaces: it finds a slip in a figure that nothing else depends on, such as
   * the reserves of a pool that is no use to anyone. May be left out.
   */
  readonly checksum?: string
}

/** What a plan file is made of. */
export interface PlanFileParts {
  readonly problem: RoutingProblem
  readonly solution: RoutingSolution
  readonly made?: ExactPlanSource
}

/**
 * Composes the file that `cli verify` checks.
 * @throws {InvalidPlanFileError} when a number in it is not finite or the parts are malformed: no such file is ever written.
 */
export function composePlanFile({ problem, solution, made }: PlanFileParts): PlanFile {
  const file = toPlanFile({
    format,
    version,
    problem,
    plan: solution,
    ...(made === undefined ? {} : { made: encodeExactPlan(made) }),
  })
  return { ...file, checksum: measurePlanFileChecksum(file) }
}

/** The checksum that belongs to a plan file, whatever it says of it itself. */
export function measurePlanFileChecksum({ checksum: _, ...file }: PlanFile): string {
  return measureChecksum(JSON.stringify(file))
}

/** Whether parsed JSON says of itself that it is a plan file. */
export function isPlanFile(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'format' in json && json.format === format
}

/**
 * Takes parsed JSON for a plan file. Unknown fields are left out; whether what it says is true is for `verifyPlanFile`.
 * @throws {InvalidPlanFileError} when a field is missing or of another kind, naming the field.
 */
export function toPlanFile(json: unknown): PlanFile {
  const fields = toFields(json, 'file')
  const isPlan = toWord(fields.format, [format], 'format')
  const isFirst = toWord(fields.version, [version], 'version')
  const problem = toProblem(fields.problem)
  return {
    format: isPlan,
    version: isFirst,
    problem,
    plan: toSolution(fields.plan, 'plan', problem),
    ...(fields.made === undefined ? {} : { made: toExactPlan(fields.made, 'made') }),
    ...(fields.checksum === undefined ? {} : { checksum: toText(fields.checksum, 'checksum') }),
  }
}

/** A problem and what `cli solve` printed for it, as a plan file. */
export function joinPlanFile(problem: unknown, plan: unknown): PlanFile {
  return toPlanFile({ format, version, problem, plan })
}

function toProblem(json: unknown): RoutingProblem {
  try {
    return toRoutingProblem(json)
  } catch (error) {
    if (!(error instanceof InvalidRoutingProblemError)) throw error
    const field = error.field === 'problem' ? error.field : `problem.${error.field}`
    throw new InvalidPlanFileError(field, error.demand, { cause: error })
  }
}

function toTrade(json: unknown, field: string): RoutingTrade {
  const fields = toFields(json, field)
  return {
    pool: toText(fields.pool, `${field}.pool`),
    sell: toText(fields.sell, `${field}.sell`),
    amountIn: toFinite(fields.amountIn, `${field}.amountIn`),
    buy: toText(fields.buy, `${field}.buy`),
    amountOut: toFinite(fields.amountOut, `${field}.amountOut`),
  }
}

function toHolding(json: unknown, field: string): RoutingHolding {
  const fields = toFields(json, field)
  return {
    id: toText(fields.id, `${field}.id`),
    holding: toFinite(fields.holding, `${field}.holding`),
    weight: toFinite(fields.weight, `${field}.weight`),
  }
}

/** In the order of the problem's tokens; what is no token of it stands last. */
function toShadowPrices(json: unknown, field: string, { tokens }: RoutingProblem): { readonly [id: string]: number } {
  const place = new Map(tokens.map(({ id }, at) => [id, at]))
  const placeOf = (id: string) => place.get(id) ?? tokens.length
  const entries = Object.entries(toFields(json, field)).sort(([a], [b]) => placeOf(a) - placeOf(b))
  return Object.fromEntries(entries.map(([id, price]) => [id, toFinite(price, `${field}[${JSON.stringify(id)}]`)]))
}

function toOutcome(fields: JsonFields, field: string) {
  return {
    valueBefore: toFinite(fields.valueBefore, `${field}.valueBefore`),
    gasCost: toFinite(fields.gasCost, `${field}.gasCost`),
    trades: toList(fields.trades, `${field}.trades`).map((trade, at) => toTrade(trade, `${field}.trades[${at}]`)),
    after: toList(fields.after, `${field}.after`).map((one, at) => toHolding(one, `${field}.after[${at}]`)),
  }
}

const codes = Object.keys({
  noRoute: true,
  liquidity: true,
  callBudget: true,
} satisfies Record<UnreachableCode, true>) as readonly UnreachableCode[]

function toSolution(json: unknown, field: string, problem: RoutingProblem): RoutingSolution {
  const fields = toFields(json, field)
  const status = toWord(fields.status, ['solved', 'unreachable'], `${field}.status`)
  const value = toFinite(fields.value, `${field}.value`)
  if (status === 'solved')
    return {
      status,
      value,
      bound: toFinite(fields.bound, `${field}.bound`),
      gapBps: toFinite(fields.gapBps, `${field}.gapBps`),
      ...toOutcome(fields, field),
      shadowPrices: toShadowPrices(fields.shadowPrices, `${field}.shadowPrices`, problem),
    }
  return {
    status,
    code: toWord(fields.code, codes, `${field}.code`),
    reason: toText(fields.reason, `${field}.reason`),
    value,
    bound: toNull(fields.bound, `${field}.bound`),
    gapBps: toNull(fields.gapBps, `${field}.gapBps`),
    ...toOutcome(fields, field),
    distance: toFinite(fields.distance, `${field}.distance`),
    shadowPrices: toNull(fields.shadowPrices, `${field}.shadowPrices`),
  }
}
