import type { AssetId } from '../asset'

/** What flows through one pool, in whole tokens. */
export type FlowEdge = {
  readonly poolId: string
  readonly from: AssetId
  readonly to: AssetId
  readonly amountIn: number
  readonly amountOut: number
}

/** One way from a sold to a bought asset. */
export type FlowPath = {
  readonly sell: AssetId
  readonly buy: AssetId
  /** At least one, each beginning where the one before ends. */
  readonly edges: readonly FlowEdge[]
  /** Whole tokens of `sell` that enter it. */
  readonly amountIn: number
  /** In the unit of `price`. */
  readonly value: number
}

/** A flow in which a token comes back to itself: it cannot be executed in any order. */
export class CyclicFlowError extends Error {
  override readonly name = 'CyclicFlowError'
  constructor(readonly assetIds: readonly AssetId[]) {
    super(`The flow runs in a circle through ${assetIds.join(', ')}. Cancel cycles before taking it apart.`)
  }
}

/** Shares of the whole flow below this are noise of the solver. */
const noise = 1e-9

type Node = { assetId: AssetId; supply: number; demand: number; unitValue: number }
type OpenEdge = { readonly edge: FlowEdge; left: number }

/**
 * Takes an acyclic flow through pools apart into paths from sold to bought assets, the widest first. Values are counted in what was
 * paid at the sources, so that they are conserved from pool to pool although each pool keeps a fee. Deterministic: the order of the
 * edges does not matter.
 * @throws {CyclicFlowError} when the flow has a cycle.
 */
export function decomposeFlow(flow: readonly FlowEdge[], priceOf: (assetId: AssetId) => number): readonly FlowPath[] {
  const edges = flow.filter(({ amountIn, amountOut }) => amountIn > 0 && amountOut > 0).sort(compareEdges)
  const order = topologicalOrder(edges)
  const nodes = new Map<AssetId, Node>()
  const open: OpenEdge[] = []
  for (const assetId of order) {
    const incoming = open.filter(({ edge }) => edge.to === assetId)
    const outgoing = edges.filter(({ from }) => from === assetId)
    const tokensIn = incoming.reduce((sum, { edge }) => sum + edge.amountOut, 0)
    const tokensOut = outgoing.reduce((sum, { amountIn }) => sum + amountIn, 0)
    const valueIn = incoming.reduce((sum, { left }) => sum + left, 0)
    const isHub = tokensIn > 0 && tokensOut > 0 && Math.abs(tokensIn - tokensOut) <= noise * tokensIn
    // {value/token}: of what arrives, else the price. A hub passes on all that it gets.
    const unitValue = tokensIn === 0 ? priceOf(assetId) : valueIn / (isHub ? tokensOut : tokensIn)
    const supply = isHub ? 0 : Math.max(0, tokensOut - tokensIn) * unitValue
    const demand = isHub ? 0 : Math.max(0, tokensIn - tokensOut) * unitValue
    nodes.set(assetId, { assetId, supply, demand, unitValue })
    for (const edge of outgoing) open.push({ edge, left: edge.amountIn * unitValue })
  }
  const total = [...nodes.values()].reduce((sum, { supply }) => sum + supply, 0)
  const paths: FlowPath[] = []
  // Every round empties an edge, a source or a sink.
  for (let round = open.length + 2 * order.length; round > 0; round--) {
    const path = widestPath(order, nodes, open)
    if (!path || path.width <= noise * total) break
    const { first, last, trail, width } = path
    first.supply -= width
    last.demand -= width
    for (const entry of trail) entry.left -= width
    paths.push({
      sell: first.assetId,
      buy: last.assetId,
      edges: trail.map(({ edge }) => edge),
      amountIn: width / first.unitValue,
      value: width,
    })
  }
  return mergeEqualPaths(paths)
}

type WidestPath = {
  readonly first: Node
  readonly last: Node
  readonly trail: readonly OpenEdge[]
  readonly width: number
}

function widestPath(
  order: readonly AssetId[],
  nodes: ReadonlyMap<AssetId, Node>,
  open: readonly OpenEdge[],
): WidestPath | undefined {
  const reached = new Map<AssetId, { readonly width: number; readonly via?: OpenEdge }>()
  let best: { readonly node: Node; readonly width: number } | undefined
  for (const assetId of order) {
    const node = nodes.get(assetId)
    if (!node) continue
    let here: { readonly width: number; readonly via?: OpenEdge } = { width: node.supply }
    for (const entry of open) {
      if (entry.edge.to !== assetId) continue
      const width = Math.min(entry.left, reached.get(entry.edge.from)?.width ?? 0)
      if (width > here.width) here = { width, via: entry }
    }
    reached.set(assetId, here)
    const width = here.via ? Math.min(here.width, node.demand) : 0
    if (width > (best?.width ?? 0)) best = { node, width }
  }
  if (!best) return undefined
  const trail: OpenEdge[] = []
  let assetId = best.node.assetId
  for (let via = reached.get(assetId)?.via; via; via = reached.get(assetId)?.via) {
    trail.unshift(via)
    assetId = via.edge.from
  }
  const first = nodes.get(assetId)
  return first && { first, last: best.node, trail, width: best.width }
}

/** Joins paths through the same pools, which rounding may have split. */
function mergeEqualPaths(paths: readonly FlowPath[]): readonly FlowPath[] {
  const byRoute = new Map<string, FlowPath>()
  for (const path of paths) {
    const route = routeOf(path)
    const twin = byRoute.get(route)
    byRoute.set(
      route,
      twin ? { ...twin, amountIn: twin.amountIn + path.amountIn, value: twin.value + path.value } : path,
    )
  }
  return [...byRoute.values()].sort((a, b) => b.value - a.value || (routeOf(a) < routeOf(b) ? -1 : 1))
}

/** The pools of a path as one text, for comparing and ordering. */
export function routeOf({ sell, edges }: Pick<FlowPath, 'sell' | 'edges'>): string {
  return [sell, ...edges.map(({ poolId, to }) => `${poolId}>${to}`)].join(' ')
}

/**
 * The assets of a flow, each after all those from which something flows to it.
 * @throws {CyclicFlowError} when the flow has a cycle.
 */
export function topologicalOrder(edges: readonly Pick<FlowEdge, 'from' | 'to'>[]): readonly AssetId[] {
  const left = new Set(edges.flatMap(({ from, to }) => [from, to]))
  const order: AssetId[] = []
  while (left.size > 0) {
    const ready = [...left].filter((id) => !edges.some(({ from, to }) => to === id && left.has(from))).sort()
    if (ready.length === 0) throw new CyclicFlowError([...left].sort())
    for (const id of ready) left.delete(id)
    order.push(...ready)
  }
  return order
}

function compareEdges(a: FlowEdge, b: FlowEdge): number {
  const [keyA, keyB] = [`${a.from}>${a.to}>${a.poolId}`, `${b.from}>${b.to}>${b.poolId}`]
  return keyA < keyB ? -1 : keyA > keyB ? 1 : 0
}
