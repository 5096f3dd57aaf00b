import { type FlowPath, routeOf } from './decomposeFlow'

/**
 * Leaves as few paths as asked for, where that changes nothing of what each asset gives or gets: first only the widest path between any
 * two assets carries what all between them did, then amounts move around circles of assets until a path of the circle is empty. The
 * smallest paths go first.
 * @returns the paths; more than asked for where every further one would move an asset off its target.
 */
export function reducePaths(paths: readonly FlowPath[], maxPaths: number): readonly FlowPath[] {
  let left = bySize(paths)
  for (let twin = findTwin(left); left.length > maxPaths && twin !== undefined; twin = findTwin(left)) {
    left = bySize(
      shift(left, new Map([[twin.small, -twin.small.value] as const, [twin.wide, twin.small.value] as const])),
    )
  }
  for (let circle = findCircle(left); left.length > maxPaths && circle !== undefined; circle = findCircle(left)) {
    left = bySize(shift(left, circle))
  }
  return left
}

const bySize = (paths: readonly FlowPath[]) =>
  [...paths].sort((a, b) => a.value - b.value || (routeOf(a) < routeOf(b) ? -1 : 1))

/** The smallest path that has a wider one between the same two assets, and the widest of these. */
function findTwin(paths: readonly FlowPath[]): { readonly small: FlowPath; readonly wide: FlowPath } | undefined {
  for (const [position, small] of paths.entries()) {
    const wide = paths
      .slice(position + 1)
      .filter(({ sell, buy }) => sell === small.sell && buy === small.buy)
      .at(-1)
    if (wide) return { small, wide }
  }
  return undefined
}

/** What a circle through the smallest path that is on one has to carry more, or less, so that this path is empty. */
function findCircle(paths: readonly FlowPath[]): ReadonlyMap<FlowPath, number> | undefined {
  for (const path of paths) {
    const way = findWay(path, paths)
    if (way)
      return new Map([
        [path, -path.value],
        ...way.map((step, at) => [step, at % 2 ? -path.value : path.value] as const),
      ])
  }
  return undefined
}

/** The shortest way from what a path sells to what it buys over other paths, forth and back in turns. */
function findWay(path: FlowPath, paths: readonly FlowPath[]): readonly FlowPath[] | undefined {
  const others = paths.filter((other) => other !== path)
  const seen = new Set([path.sell])
  let ways: readonly { readonly at: string; readonly steps: readonly FlowPath[] }[] = [{ at: path.sell, steps: [] }]
  for (let isForth = true; ways.length > 0; isForth = !isForth) {
    const next: { readonly at: string; readonly steps: readonly FlowPath[] }[] = []
    for (const { at, steps } of ways) {
      for (const step of others) {
        const [from, to] = isForth ? [step.sell, step.buy] : [step.buy, step.sell]
        if (from !== at || seen.has(to)) continue
        if (to === path.buy) return [...steps, step]
        seen.add(to)
        next.push({ at: to, steps: [...steps, step] })
      }
    }
    ways = next
  }
  return undefined
}

function shift(paths: readonly FlowPath[], changes: ReadonlyMap<FlowPath, number>): readonly FlowPath[] {
  return paths.flatMap((path) => {
    const change = changes.get(path)
    if (change === undefined) return [path]
    const value = path.value + change
    return value > 0 ? [{ ...path, amountIn: (path.amountIn * value) / path.value, value }] : []
  })
}
