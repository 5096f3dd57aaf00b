/**
 * The cheapest end weights at given shadow prices r (over reference prices):
 *
 *     m(r) = min { r . w + (r . w0) (K sum_j dist(w_j, band_j) + 1/2 softness |w - w0|^2) :  w >= 0, sum w = 1 }
 *
 * With softness 0 and K infinite this is m of the dual: fill the lower edges, pour the rest into the cheapest. The quadratic
 * is a proximal term: it makes m differentiable and vanishes as w0 follows w. A finite K lets weights leave their
 * bands at a price, for problems whose bands cannot be reached. m is concave and homogeneous of degree 1.
 */
export interface ShareRule {
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** w0; sums to 1. */
  readonly center: Float64Array
  /** 0 takes `center` for the weights as they are. */
  softness: number
  /** K; infinite for hard bands. */
  penalty: number
  /** Out: the cheapest weights w. */
  readonly weights: Float64Array
  /** Out: the gradient of m, proportional to the amounts that a plan ends with. */
  readonly gradient: Float64Array
  /** Out: 1 where the weight moves with its price. */
  readonly free: Uint8Array
  /** Out: by how much each price would have to fall, or rise, until its weight moves. */
  readonly fall: Float64Array
  readonly rise: Float64Array
  freeCount: number
  /** Out: r . w0. */
  mean: number
  /** The multiplier of sum w = 1, kept as the next start. */
  level: number
}

/** The weight of token j at the level; marks it free or how far it is from that. */
function weightAt(rule: ShareRule, j: number, offset: number): number {
  const lower = rule.lower[j] as number
  const upper = rule.upper[j] as number
  const wanted = (rule.center[j] as number) + offset
  if (wanted >= lower && wanted <= upper) {
    if (upper > lower) return moving(rule, j, wanted)
    return held(rule, j, wanted, rule.penalty / rule.softness, rule.penalty / rule.softness)
  }
  const jump = rule.penalty / rule.softness
  if (wanted < lower) {
    const raised = wanted + jump
    if (raised >= lower) return held(rule, j, lower, lower - wanted, raised - lower)
    if (raised <= 0) return held(rule, j, 0, -raised, Number.POSITIVE_INFINITY)
    return moving(rule, j, raised)
  }
  const reduced = wanted - jump
  if (reduced <= upper) return held(rule, j, upper, upper - reduced, wanted - upper)
  if (reduced >= 1) return held(rule, j, 1, Number.POSITIVE_INFINITY, reduced - 1)
  return moving(rule, j, reduced)
}

function moving(rule: ShareRule, j: number, weight: number): number {
  rule.free[j] = 1
  rule.fall[j] = 0
  rule.rise[j] = 0
  return weight
}

function held(rule: ShareRule, j: number, weight: number, fall: number, rise: number): number {
  rule.free[j] = 0
  rule.fall[j] = fall
  rule.rise[j] = rise
  return weight
}

function sumAt(rule: ShareRule, rates: Float64Array, level: number, steepness: number): number {
  const { weights, free } = rule
  let sum = 0
  let freeCount = 0
  for (let j = 0; j < weights.length; j++) {
    const weight = weightAt(rule, j, (level - (rates[j] as number)) * steepness)
    weights[j] = weight
    sum += weight
    freeCount += free[j] as number
  }
  rule.freeCount = freeCount
  return sum
}

/** Finds the level at which the weights sum to 1: Newton on a rising, piecewise linear function, inside a bracket. */
function balance(rule: ShareRule, rates: Float64Array, mean: number, steepness: number): void {
  let below = Number.NEGATIVE_INFINITY
  let above = Number.POSITIVE_INFINITY
  let stride = mean * Math.max(1e-6, rule.softness)
  let level = rule.level > 0 ? rule.level : mean
  for (let step = 0; step < 200; step++) {
    const excess = sumAt(rule, rates, level, steepness) - 1
    if (Math.abs(excess) <= 4e-16) break
    if (excess < 0) below = level
    else above = level
    const slope = rule.freeCount * steepness
    let next = slope > 0 ? level - excess / slope : Number.NaN
    if (!(next > below && next < above)) {
      if (below === Number.NEGATIVE_INFINITY) next = level - stride
      else if (above === Number.POSITIVE_INFINITY) next = level + stride
      else next = below + (above - below) / 2
      stride *= 4
    }
    if (next === level || !(next > below && next < above)) break
    level = next
  }
  rule.level = level
}

/** Computes m and its gradient at the rates. */
export function measureShares(rule: ShareRule, rates: Float64Array): number {
  const { center, weights, gradient, softness, penalty, lower, upper } = rule
  const n = weights.length
  let mean = 0
  for (let j = 0; j < n; j++) mean += (rates[j] as number) * (center[j] as number)
  rule.mean = mean
  if (softness === 0) {
    weights.set(center)
    gradient.set(center)
    rule.free.fill(0)
    rule.freeCount = 0
    return mean
  }
  balance(rule, rates, mean, 1 / (softness * mean))
  for (let j = 0; j < n; j++) {
    rule.fall[j] = (rule.fall[j] as number) * softness * mean
    rule.rise[j] = (rule.rise[j] as number) * softness * mean
  }
  let linear = 0
  let square = 0
  let outside = 0
  for (let j = 0; j < n; j++) {
    const weight = weights[j] as number
    const moved = weight - (center[j] as number)
    linear += (rates[j] as number) * weight
    square += moved * moved
    outside += Math.max(0, (lower[j] as number) - weight, weight - (upper[j] as number))
  }
  const extra = (softness / 2) * square + (outside > 0 ? penalty * outside : 0)
  for (let j = 0; j < n; j++) gradient[j] = (weights[j] as number) + extra * (center[j] as number)
  return linear + extra * mean
}

/** The m of the bound: each token at its lower edge, the rest poured into the cheapest up to their upper edges. */
export function cheapestShare(lower: Float64Array, upper: Float64Array, rates: Float64Array): number {
  let rest = 1
  let total = 0
  for (let j = 0; j < lower.length; j++) {
    rest -= lower[j] as number
    total += (lower[j] as number) * (rates[j] as number)
  }
  const order = Array.from(lower.keys()).sort((i, j) => (rates[i] as number) - (rates[j] as number))
  for (const j of order) {
    if (rest <= 0) break
    const poured = Math.min(rest, (upper[j] as number) - (lower[j] as number))
    rest -= poured
    total += poured * (rates[j] as number)
  }
  return total
}

/** The point of { lower <= w <= upper, sum w = 1 } nearest to `weights`, written over it. */
export function projectShares(lower: Float64Array, upper: Float64Array, weights: Float64Array): void {
  let below = -2
  let above = 2
  const sumShifted = (shift: number) => {
    let sum = 0
    for (let j = 0; j < weights.length; j++) {
      sum += Math.min(upper[j] as number, Math.max(lower[j] as number, (weights[j] as number) + shift))
    }
    return sum
  }
  for (let step = 0; step < 80; step++) {
    const middle = (below + above) / 2
    if (sumShifted(middle) < 1) below = middle
    else above = middle
  }
  for (let j = 0; j < weights.length; j++) {
    weights[j] = Math.min(upper[j] as number, Math.max(lower[j] as number, (weights[j] as number) + above))
  }
}
