import type { AssetId } from '../asset'
import type { FlowPath } from './decomposeFlow'

/** What paths come to, asset by asset, in dollars. */
export type BalanceOutcome = {
  /** The greatest distance of an asset from what is wanted of it. */
  readonly errorUsd: number
  /** What each traded asset lacks (negative: has too much) against its share. */
  readonly missing: ReadonlyMap<AssetId, number>
}

const maxRounds = 4

/** No round takes more than this part of a path away. */
const movablePart = 0.5

/**
 * Moves amounts between the paths of each source (and between a source and its paths where some of it is kept) until every asset
 * ends within `goodEnoughUsd` of its share, or as near as a few rounds bring it. Paths that share a pool get different prices in the
 * exact replay, and dropped paths leave gaps: both are evened out here.
 */
export function balancePaths<Outcome extends BalanceOutcome>(
  paths: readonly FlowPath[],
  goodEnoughUsd: number,
  keepsSome: (assetId: AssetId) => boolean,
  run: (paths: readonly FlowPath[]) => Outcome | undefined,
): Outcome | undefined {
  let current = paths
  let best = run(paths)
  for (let round = 1; round < maxRounds && best && best.errorUsd > goodEnoughUsd; round++) {
    current = evenOut(current, best.missing, goodEnoughUsd, keepsSome)
    const outcome = run(current)
    if (!outcome || outcome.errorUsd >= best.errorUsd) break
    best = outcome
  }
  return best
}

/** One way to give an asset a dollar more: from another asset, over the paths of one source. */
type Transfer = { readonly from: AssetId; readonly to: AssetId; readonly less?: number; readonly more?: number }

function evenOut(
  paths: readonly FlowPath[],
  missing: ReadonlyMap<AssetId, number>,
  goodEnoughUsd: number,
  keepsSome: (assetId: AssetId) => boolean,
): readonly FlowPath[] {
  const transfers = listTransfers(paths, keepsSome)
  const left = new Map(missing)
  const changes = paths.map(() => 0)
  // Each round settles one asset or finds that it cannot be settled.
  const open = new Set(left.keys())
  while (open.size > 0) {
    const poorest = [...open].reduce((a, b) => ((left.get(b) ?? 0) > (left.get(a) ?? 0) ? b : a))
    const lack = left.get(poorest) ?? 0
    if (lack <= goodEnoughUsd / 4) break
    const chain = findChain(poorest, transfers, (assetId) => (left.get(assetId) ?? 0) < -goodEnoughUsd / 4)
    const giver = chain?.[0]?.from
    if (!chain || giver === undefined) {
      open.delete(poorest)
      continue
    }
    const room = ({ less }: Transfer) =>
      less === undefined ? Number.POSITIVE_INFINITY : (paths[less]?.value ?? 0) * movablePart + (changes[less] ?? 0)
    const amount = Math.min(lack, -(left.get(giver) ?? 0), ...chain.map(room))
    if (amount <= goodEnoughUsd / 100) {
      open.delete(poorest)
      continue
    }
    for (const { less, more } of chain) {
      if (less !== undefined) changes[less] = (changes[less] ?? 0) - amount
      if (more !== undefined) changes[more] = (changes[more] ?? 0) + amount
    }
    left.set(poorest, lack - amount)
    left.set(giver, (left.get(giver) ?? 0) + amount)
  }
  return paths.map((path, position) => {
    const factor = 1 + (changes[position] ?? 0) / path.value
    return { ...path, amountIn: path.amountIn * factor, value: path.value * factor }
  })
}

/** All transfers that a source allows between the assets it is sold for, over its widest path to each. */
function listTransfers(paths: readonly FlowPath[], keepsSome: (assetId: AssetId) => boolean): readonly Transfer[] {
  const transfers: Transfer[] = []
  for (const sell of new Set(paths.map((path) => path.sell))) {
    const widest = new Map<AssetId, number>()
    for (const [position, path] of paths.entries()) {
      const rival = paths[widest.get(path.buy) ?? -1]
      if (path.sell === sell && (!rival || path.value > rival.value)) widest.set(path.buy, position)
    }
    for (const [to, more] of widest) {
      if (keepsSome(sell)) transfers.push({ from: sell, to, more }, { from: to, to: sell, less: more })
      for (const [from, less] of widest) {
        if (from !== to) transfers.push({ from, to, less, more })
      }
    }
  }
  return transfers
}

/** The shortest chain of transfers that ends at an asset and begins at one that has too much. */
function findChain(
  to: AssetId,
  transfers: readonly Transfer[],
  hasTooMuch: (assetId: AssetId) => boolean,
): readonly Transfer[] | undefined {
  const seen = new Set([to])
  let chains: readonly (readonly Transfer[])[] = transfers
    .filter((transfer) => transfer.to === to)
    .map((transfer) => [transfer])
  while (chains.length > 0) {
    const found = chains.find(([first]) => first && hasTooMuch(first.from))
    if (found) return found
    const next: (readonly Transfer[])[] = []
    for (const chain of chains) {
      const start = chain[0]?.from
      if (start === undefined || seen.has(start)) continue
      seen.add(start)
      for (const transfer of transfers) {
        if (transfer.to === start && !seen.has(transfer.from)) next.push([transfer, ...chain])
      }
    }
    chains = next
  }
  return undefined
}
