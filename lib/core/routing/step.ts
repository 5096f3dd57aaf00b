import type { Dual } from './dual'

/** Keeps prices that nothing moves from drifting on rounding errors of 1e-16. */
const ground = 1e-11

/** Fills the linear system of one step: active pools, idle pools by how near they are to trading, tied weights. */
export function assembleStep(dual: Dual, shift: Float64Array, damping: number, stiffness: number): void {
  const { market, system, conductance, slope, pools, poolCount, share, net, rates, level, rows } = dual
  const { first, second } = market
  const { upper, excess, size } = system
  upper.fill(0)
  for (let j = 0; j < size; j++) {
    const amount = Math.abs(net[j] as number) + level * (share.gradient[j] as number)
    excess[rows[j] as number] =
      (rates[j] as number) * (damping * amount + ground * level) + Math.max(0, slope[j] as number) / 2
  }
  for (let at = 0; at < poolCount; at++) {
    const i = pools[at] as number
    const value = conductance[i] as number
    if (value === 0) continue
    const place = placeOf(rows[first[i] as number] as number, rows[second[i] as number] as number, size)
    upper[place] = (upper[place] as number) + value
  }
  measureNearest(dual, shift)
  for (let at = 0; at < poolCount; at++) {
    const i = pools[at] as number
    if ((conductance[i] as number) > 0) continue
    const value = idleConductance(dual, shift, i, stiffness)
    const place = placeOf(rows[first[i] as number] as number, rows[second[i] as number] as number, size)
    // Of several idle pools side by side only the nearest counts: together they would hide how far it is.
    if (value > (upper[place] as number)) upper[place] = value
  }
  if (share.softness > 0) tieWeights(dual, stiffness)
}

/** For each token, how far the nearest idle pool is from taking off what waits to flow. */
function measureNearest(dual: Dual, shift: Float64Array): void {
  const { market, slope, edges, direction, pools, poolCount, nearest } = dual
  nearest.fill(Number.POSITIVE_INFINITY)
  for (let at = 0; at < poolCount; at++) {
    const i = pools[at] as number
    if (direction[i] !== -1) continue
    const a = market.first[i] as number
    const b = market.second[i] as number
    const half = ((shift[a] as number) - (shift[b] as number)) / 2
    const isPushed = (slope[a] as number) > (slope[b] as number)
    const ahead = isPushed ? half - (edges[2 * i] as number) : (edges[2 * i + 1] as number) - half
    if (ahead < (nearest[a] as number)) nearest[a] = ahead
    if (ahead < (nearest[b] as number)) nearest[b] = ahead
  }
}

function placeOf(a: number, b: number, size: number): number {
  return a < b ? a * size + b : b * size + a
}

/** What a pool that carries nothing will carry once prices have moved to its edge. */
function idleConductance(dual: Dual, shift: Float64Array, i: number, stiffness: number): number {
  const { market, slope, edges, direction } = dual
  const a = market.first[i] as number
  const b = market.second[i] as number
  // {value units}: what waits to flow between the two tokens
  const push = (slope[a] as number) - (slope[b] as number)
  if (push === 0 && stiffness === 0) return 0
  if (dual.gasSoftness > 0 && (market.gas[i] as number) > 0) return unusedConductance(dual, shift, i, push)
  // Between two ranges, or past the last: as far as a step goes.
  if (direction[i] !== -1) return Math.abs(push)
  const half = ((shift[a] as number) - (shift[b] as number)) / 2
  const below = half - (edges[2 * i] as number)
  const above = (edges[2 * i + 1] as number) - half
  const depth = 1 / Math.min(market.depths[i] as number, dual.depthCap)
  const ahead = push > 0 ? below : above
  // Pools further off than another of the same tokens count for less, or all together would shorten the step.
  const near = Math.max(dual.nearest[a] as number, dual.nearest[b] as number)
  const far = ahead > near ? ahead / near : 1
  let value = ahead < 200 && push !== 0 ? 1 / (depth + (2 * ahead * far) / Math.abs(push)) : 0
  if (stiffness > 0) {
    const nearer = Math.min(below, above)
    if (nearer < 200) value = Math.max(value, 1 / (depth + (2 * nearer) / stiffness))
  }
  return value
}

/** What a pool that does not yet pay for its gas will carry once prices have moved far enough. */
function unusedConductance(dual: Dual, shift: Float64Array, i: number, push: number): number {
  const { market, edges, direction, profit, cheapest } = dual
  if (push === 0) return 0
  const depth = Math.min(market.depths[i] as number, dual.depthCap)
  // A profit of 1/2 c y^2 is earned at a distance y past the edge.
  let away = Math.sqrt((2 * (market.gas[i] as number) * cheapest) / depth)
  if (direction[i] === -1) {
    const half = ((shift[market.first[i] as number] as number) - (shift[market.second[i] as number] as number)) / 2
    away += 2 * (push > 0 ? half - (edges[2 * i] as number) : (edges[2 * i + 1] as number) - half)
  } else {
    away -= Math.sqrt((2 * (profit[i] as number)) / depth)
  }
  return away < 400 ? 1 / (1 / depth + Math.max(0, away) / Math.abs(push)) : 0
}

/** Tokens whose weights move, or are about to, exchange value with one another through the common level. */
function tieWeights({ share, system, slope, rates, level, rows }: Dual, stiffness: number): void {
  const { upper, pivots, size } = system
  const { free, fall, rise, softness } = share
  const scale = level / (softness * share.mean)
  // 1 for a weight that moves, less for one that will move once its price has gone further.
  const ease = pivots
  let total = 0
  for (let j = 0; j < size; j++) {
    const push = slope[j] as number
    const rate = rates[j] as number
    let part = 1
    if (free[j] === 0) {
      const full = 1 / (scale * rate * rate)
      const away = (push > 0 ? (fall[j] as number) : (rise[j] as number)) / rate
      part = push === 0 ? 0 : full / (full + away / Math.abs(push))
      if (stiffness > 0) {
        const near = Math.min(fall[j] as number, rise[j] as number) / rate
        part = Math.max(part, full / (full + near / stiffness))
      }
    }
    ease[rows[j] as number] = part * rate
    total += part
  }
  for (let j = 0; j < size; j++) {
    const part = ((ease[j] as number) * scale) / total
    if (!(part > 0)) continue
    for (let k = j + 1; k < size; k++) {
      const other = ease[k] as number
      if (other > 0) upper[j * size + k] = (upper[j * size + k] as number) + part * other
    }
  }
}
