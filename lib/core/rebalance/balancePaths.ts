import type { AssetId } from '../asset'
import type { FlowPath } from './decomposeFlow'
import { Tally } from './tally'

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
type Transfer = { readonly from: AssetId; readonly to: AssetId; readonly less?: FlowPath; readonly more?: FlowPath }

function evenOut(
  paths: readonly FlowPath[],
  missing: ReadonlyMap<AssetId, number>,
  goodEnoughUsd: number,
  keepsSome: (assetId: AssetId) => boolean,
): readonly FlowPath[] {
  const transfers = listTransfers(paths, keepsSome)
  const left = new Tally(missing)
  const changes = new Tally<FlowPath>()
  // Each round settles one asset or finds that it cannot be settled.
  const open = new Set(left.keys())
  while (open.size > 0) {
    const poorest = [...open].reduce((a, b) => (left.of(b) > left.of(a) ? b : a))
    const lack = left.of(poorest)
    if (lack <= goodEnoughUsd / 4) break
    const chain = findChain(poorest, transfers, (assetId) => left.of(assetId) < -goodEnoughUsd / 4)
    const giver = chain?.[0]?.from
    if (!chain || giver === undefined) {
      open.delete(poorest)
      continue
    }
    const room = ({ less }: Transfer) =>
      less === undefined ? Number.POSITIVE_INFINITY : less.value * movablePart + changes.of(less)
    const amount = Math.min(lack, -left.of(giver), ...chain.map(room))
    if (amount <= goodEnoughUsd / 100) {
      open.delete(poorest)
      continue
    }
    for (const { less, more } of chain) {
      if (less !== undefined) changes.add(less, -amount)
      if (more !== undefined) changes.add(more, amount)
    }
    left.add(poorest, -amount)
    left.add(giver, amount)
  }
  return paths.map((path) => {
    const factor = 1 + changes.of(path) / path.value
    return { ...path, amountIn: path.amountIn * factor, value: path.value * factor }
  })
}

/** All transfers that a source allows between the assets it is sold for, over its widest path to each. */
function listTransfers(paths: readonly FlowPath[], keepsSome: (assetId: AssetId) => boolean): readonly Transfer[] {
  const transfers: Transfer[] = []
  for (const sell of new Set(paths.map((path) => path.sell))) {
    const widest = new Map<AssetId, FlowPath>()
    for (const path of paths) {
      const rival = widest.get(path.buy)
      if (path.sell === sell && (!rival || path.value > rival.value)) widest.set(path.buy, path)
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
