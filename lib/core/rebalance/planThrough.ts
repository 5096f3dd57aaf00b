import type { AssetId } from '../asset'
import { bpsWhole, mulDivUp } from '../units'
import { attemptPlan } from './attemptPlan'
import type { PlanObstacle, Spending } from './plan'
import { blocked, nothingToDo, type PlanContext } from './planContext'
import type { Passage, Sought } from './planDraft'
import type { Limit, WantedAsset } from './selectTrades'

/** POLICY: three bundles' gas stay in the account. */
const gasReserves = 3n

/** Plans that are solved at most until one keeps to all limits. */
const maxSolved = 24

/** So often more is sold until enough cash is left after costs. */
const maxRaises = 4

/** So often an asset that pools carry at no fair price is traded less; then it is not traded at all. */
const maxReductions = 8

/** Seeks a plan through one router that keeps to all limits: trades less, or less of an asset, until one does. */
export function planThrough(context: PlanContext, passage: Passage): Sought {
  const { request, native } = context
  const { settings, nativeReserveFloor, maxFeePerGas } = request
  const limits = new Map<AssetId, Limit>(passage.rival?.limits)
  let reserve = larger(settings.nativeReserve, nativeReserveFloor)
  let amounts: 'wanted' | 'whole' = 'wanted'
  let reductions = 0
  let effort: 'rough' | 'full' = 'full'
  let obstacle: PlanObstacle | undefined
  let extraUsd = 0n
  let raises = 0
  for (let solved = 1; ; solved += 1) {
    const attempt = attemptPlan(context, passage, { reserve, extraUsd, limits, amounts, obstacle, effort })
    switch (attempt.status) {
      case 'poor':
        obstacle ??= attempt.obstacle
        reductions += 1
        // With few legs a rough search may find no way at all.
        effort = Number.isFinite(passage.maxLegs) ? 'full' : 'rough'
        if (solved >= maxSolved) return blocked(obstacle, attempt.skipped)
        for (const [assetId, wantedUsd] of limitTrades(attempt.traded, attempt.farBps, reductions > maxReductions)) {
          limits.set(assetId, { wantedUsd, reason: 'priceImpact' })
        }
        continue
      case 'overBudget':
        if (amounts === 'whole') return nothingToDo(context, attempt.skipped)
        amounts = 'whole'
        continue
      case 'found':
        if (effort === 'full') break
        effort = 'full'
        continue
      default:
        return attempt
    }
    const { draft, missingUsd, raisedUsd } = attempt
    if (missingUsd > 0n && limits.size === 0 && raises < maxRaises) {
      raises += 1
      // What more is sold costs something, too, and the solver's floats end before base units do.
      extraUsd += mulDivUp(missingUsd, 1_010n, 1_000n) + raisedUsd / 1_000_000n
      continue
    }
    const needed = draft.gasUnits * maxFeePerGas
    const nativeSold = sumNative(draft.spendings, native.assetId, native.reading.asset.poolToken.address)
    const nativeLeft = native.nativeAmount - nativeSold
    const isReserveSold = nativeSold > 0n && nativeLeft < gasReserves * needed
    if (isReserveSold && solved < maxSolved) {
      // Another plan may need a little more gas again: a margin ends that.
      reserve = larger(reserve, (gasReserves * needed * (solved > 2 ? 105n : 100n)) / 100n)
      continue
    }
    if (isReserveSold || nativeLeft < needed) {
      return blocked({ kind: 'notEnoughGas', needed, held: native.nativeAmount }, draft.skipped)
    }
    return { status: 'found', draft: { ...draft, limits, nativeReserve: larger(reserve, gasReserves * needed) } }
  }
}

const larger = (a: bigint, b: bigint) => (a > b ? a : b)

function sumNative(spendings: readonly Spending[], nativeId: AssetId, wrapped: string): bigint {
  return spendings.reduce(
    (sum, { assetId, token, amount }) => (assetId === nativeId && token !== wrapped ? sum + amount : sum),
    0n,
  )
}

/** What assets are to be worth when they go only part of their way, or none of it. */
function limitTrades(
  traded: readonly WantedAsset[],
  farBps: ReadonlyMap<AssetId, number>,
  isLast: boolean,
): ReadonlyMap<AssetId, bigint> {
  return new Map(
    traded.flatMap(({ asset, wantedUsd }) => {
      const far = farBps.get(asset.assetId)
      if (far === undefined) return []
      // {usd} = {usd} + {usd} * {bps} / {bps}
      const moved = isLast ? 0n : ((wantedUsd - asset.valueUsd) * BigInt(far)) / BigInt(bpsWhole)
      return [[asset.assetId, asset.valueUsd + moved] as const]
    }),
  )
}
