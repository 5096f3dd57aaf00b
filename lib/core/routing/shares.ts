import type { Goal } from './market'

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
  goal: Goal
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
  /** Out: by how much each wanted weight would have to grow, as where the price falls, or shrink until the weight moves. */
  readonly fall: Float64Array
  readonly rise: Float64Array
  /** Out: r . w0. */
  mean: number
  /** The multiplier of sum w = 1, kept as the next start. */
  level: number
}

const clip = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

/** Sets the weight of token j for what is wanted of it, and how far that is from moving the weight. */
function setWeight(rule: ShareRule, j: number, wanted: number): void {
  const lower = rule.goal.lower[j] as number
  const upper = rule.goal.upper[j] as number
  // What a price of K is worth in weight.
  const jump = rule.penalty / rule.softness
  const weight = clip(clip(clip(wanted, lower, upper), wanted - jump, wanted + jump), 0, 1)
  rule.weights[j] = weight
  rule.free[j] = weight === lower || weight === upper || weight === 0 || weight === 1 ? 0 : 1
  const above = weight === upper ? upper + jump : weight === lower ? lower : weight === 0 ? -jump : 1 / 0
  const below = weight === lower ? lower - jump : weight === upper ? upper : weight === 1 ? 1 + jump : -1 / 0
  rule.fall[j] = above - wanted
  rule.rise[j] = wanted - below
}

/** Finds the level at which the weights sum to 1: Newton on a rising, piecewise linear function, inside a bracket. */
function balance(rule: ShareRule, rates: Float64Array): void {
  const { center, weights, free, softness, mean } = rule
  const steepness = 1 / (softness * mean)
  const reach = mean * (softness + (rule.penalty < 1e3 ? rule.penalty : 0))
  let below = Math.min(...rates) - reach
  let above = Math.max(...rates) + reach
  let level = clip(rule.level, below, above)
  for (let step = 0; step < 200; step++) {
    let excess = -1
    let freeCount = 0
    for (let j = 0; j < weights.length; j++) {
      setWeight(rule, j, (center[j] as number) + (level - (rates[j] as number)) * steepness)
      excess += weights[j] as number
      freeCount += free[j] as number
    }
    if (Math.abs(excess) <= 4e-16 * (1 + freeCount * steepness * level)) break
    if (excess < 0) below = level
    else above = level
    let next = level - excess / (freeCount * steepness)
    if (!(next > below && next < above)) next = (below + above) / 2
    if (next === level) break
    level = next
  }
  rule.level = level
}

/** Computes m and its gradient at the rates. */
export function measureShares(rule: ShareRule, rates: Float64Array): number {
  const { center, weights, gradient, softness, penalty } = rule
  const { lower, upper } = rule.goal
  const n = weights.length
  let mean = 0
  for (let j = 0; j < n; j++) mean += (rates[j] as number) * (center[j] as number)
  rule.mean = mean
  if (softness === 0) {
    gradient.set(center)
    return mean
  }
  balance(rule, rates)
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
export function cheapestShare({ lower, upper }: Goal, rates: Float64Array): number {
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
