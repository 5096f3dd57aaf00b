import type { AssetId } from '../asset'

/** An asset that is to be sold, and how many calls (approvals, resets, grants) the router needs before it can take it. */
export type Sale = { readonly assetId: AssetId; readonly soldUsd: bigint; readonly calls: number }

type Choice = { readonly usd: bigint; readonly ids: readonly AssetId[] }

/**
 * Chooses the sales that fit into a number of calls and together remove the most drift: an exact knapsack. Of choices that remove as
 * much, the one with fewer calls; then the one whose ids come first.
 * @param budget calls before the router's own; not negative.
 * @returns the ids of the sales to keep, sorted.
 */
export function selectSales(sales: readonly Sale[], budget: number): readonly AssetId[] {
  const ordered = [...sales].sort((a, b) => (a.assetId < b.assetId ? -1 : 1))
  const room = Math.min(
    budget,
    ordered.reduce((sum, { calls }) => sum + calls, 0),
  )
  // At each number of calls the best choice of exactly so many.
  const best: (Choice | undefined)[] = Array.from({ length: room + 1 })
  best[0] = { usd: 0n, ids: [] }
  for (const { assetId, soldUsd, calls } of ordered) {
    for (let used = room; used >= calls; used -= 1) {
      const before = best[used - calls]
      if (before === undefined) continue
      const usd = before.usd + soldUsd
      const now = best[used]
      if (now === undefined || usd > now.usd) best[used] = { usd, ids: [...before.ids, assetId] }
    }
  }
  const chosen = best.reduce((most, choice) => (choice && (!most || choice.usd > most.usd) ? choice : most), undefined)
  return chosen?.ids ?? []
}

/**
 * How many bundles it takes to make all sales, each bundle by {@link selectSales} over the routers that could run it. Sales that fit
 * into no bundle are not counted.
 * @param routers the sales as each router would make them.
 */
export function countParts(routers: readonly (readonly Sale[])[], budget: number): number {
  let left = routers
  for (let parts = 0; ; parts += 1) {
    const choices = left.map((sales) => {
      const kept = new Set(selectSales(sales, budget))
      return { kept, usd: sales.reduce((sum, { assetId, soldUsd }) => (kept.has(assetId) ? sum + soldUsd : sum), 0n) }
    })
    const best = choices.reduce((a, b) => (b.usd > a.usd ? b : a), { kept: new Set<AssetId>(), usd: 0n })
    if (best.usd === 0n) return parts
    left = left.map((sales) => sales.filter(({ assetId }) => !best.kept.has(assetId)))
  }
}
