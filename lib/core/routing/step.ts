import type { Dual } from './dual'

/** Keeps prices that nothing moves from drifting on rounding errors of 1e-16. */
const ground = 1e-11

/** Fills the linear system of one step: active pools, idle pools by how near they are to trading, tied weights. */
export function assembleStep(dual: Dual, shift: Float64Array, damping: number): void {
  const { market, system, conductance, slope, active, activeCount, share, net, rates, level } = dual
  const { first, second } = market
  const { upper, excess, size } = system
  upper.fill(0)
  for (let j = 0; j < size; j++) {
    const amount = Math.abs(net[j] as number) + level * (share.gradient[j] as number)
    excess[j] = (rates[j] as number) * (damping * amount + ground * level) + Math.max(0, slope[j] as number) / 2
  }
  for (let idle = 0; idle < 2; idle++) {
    for (let at = 0; at < activeCount; at++) {
      const i = active[at] as number
      const value = conductance[i] as number
      if (idle === 0 ? value === 0 : value > 0) continue
      const a = first[i] as number
      const b = second[i] as number
      const place = a < b ? a * size + b : b * size + a
      const known = upper[place] as number
      // Of several idle pools side by side only the nearest counts: together they would hide how far it is.
      upper[place] = idle === 0 ? known + value : Math.max(known, idleConductance(dual, shift, i))
    }
  }
  if (share.softness > 0) tieWeights(dual)
}

/** What a pool that carries nothing will carry once prices have moved to its edge. */
function idleConductance({ market, slope, edges, direction }: Dual, shift: Float64Array, i: number): number {
  const a = market.first[i] as number
  const b = market.second[i] as number
  // {value units}: what waits to flow between the two tokens
  const push = (slope[a] as number) - (slope[b] as number)
  // Between two ranges, or past the last, or not yet worth its gas: as far as a step goes.
  if (push === 0 || direction[i] !== -1) return Math.abs(push)
  const half = ((shift[a] as number) - (shift[b] as number)) / 2
  const ahead = push > 0 ? half - (edges[2 * i] as number) : (edges[2 * i + 1] as number) - half
  return ahead < 200 ? 1 / (1 / (market.depths[i] as number) + (2 * ahead) / Math.abs(push)) : 0
}

/** Tokens whose weights move, or are about to, exchange value with one another through the common level. */
function tieWeights({ share, system, slope, rates, level }: Dual): void {
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
      const away = ((push > 0 ? (fall[j] as number) : (rise[j] as number)) * level) / (scale * rate)
      part = push === 0 ? 0 : full / (full + away / Math.abs(push))
    }
    ease[j] = part * rate
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
