import { type FlowPath, routeOf } from './decomposeFlow'

/** What a set of paths comes to when it is replayed exactly. */
export type PathsOutcome = {
  /** Dollars held afterwards less gas. */
  readonly netUsd: number
  /** The greatest distance of an asset from what is wanted of it, in dollars. */
  readonly errorUsd: number
}

/** Sets that are replayed at most while looking for a better one. */
const maxTrials = 30

/**
 * Drops paths that cost more gas than their better price brings: each, the smallest first, is given to the widest other path of its
 * source (to the same asset if there is one), and stays dropped when the exact replay then nets more and no asset ends further from
 * its target than `toleratedUsd` (or than before). Paths worth more than `largestUsd` are left alone. `evaluate` answers nothing where
 * the pools cannot carry a set.
 */
export function prunePaths<Outcome extends PathsOutcome>(request: {
  readonly paths: readonly FlowPath[]
  readonly toleratedUsd: number
  readonly largestUsd: number
  readonly evaluate: (paths: readonly FlowPath[]) => Outcome | undefined
}): { readonly paths: readonly FlowPath[]; readonly outcome: Outcome | undefined } {
  const { paths, toleratedUsd, largestUsd, evaluate } = request
  let best = { paths, outcome: evaluate(paths) }
  let trials = 0
  for (let position = 0; trials < maxTrials; ) {
    const path = bySize(best.paths)[position]
    if (!path || (best.outcome && path.value > largestUsd)) break
    let better: typeof best | undefined
    for (const heir of heirsOf(path, best.paths)) {
      trials += 1
      const merged = giveTo(best.paths, path, heir)
      const outcome = evaluate(merged)
      if (!isBetter(outcome, best.outcome, toleratedUsd)) continue
      better = { paths: merged, outcome }
      break
    }
    if (better) best = better
    else position += 1
  }
  return best
}

function isBetter(a: PathsOutcome | undefined, b: PathsOutcome | undefined, toleratedUsd: number): boolean {
  if (!a) return false
  if (!b) return true
  return a.netUsd > b.netUsd && a.errorUsd <= Math.max(b.errorUsd, toleratedUsd)
}

const bySize = (paths: readonly FlowPath[]) =>
  [...paths].sort((a, b) => a.value - b.value || (routeOf(a) < routeOf(b) ? -1 : 1))

/** The widest other path between the same two assets, and the widest from the same source. */
function heirsOf(path: FlowPath, paths: readonly FlowPath[]): readonly FlowPath[] {
  const siblings = bySize(paths)
    .reverse()
    .filter((other) => other !== path && other.sell === path.sell)
  const twin = siblings.find(({ buy }) => buy === path.buy)
  const widest = siblings.find((other) => other !== twin)
  return [twin, widest].filter((heir) => heir !== undefined)
}

/** Gives all that one path carries to another one of the same source. */
export function giveTo(paths: readonly FlowPath[], path: FlowPath, heir: FlowPath): readonly FlowPath[] {
  return paths.flatMap((other) => {
    if (other === path) return []
    if (other !== heir) return [other]
    return [{ ...heir, amountIn: heir.amountIn + path.amountIn, value: heir.value + path.value }]
  })
}
