import type { AssetId } from '../asset'
import { openPolicy, ruleOf } from '../policy/policy'
import { usdValue } from '../portfolio/portfolio'
import type { RebalancePlan } from '../rebalance/plan'
import type { Snapshot } from '../snapshot'
import type { PlanSettings } from '../targets'
import { type Bps, bpsWhole, mulDivUp, toBps } from '../units'
import { type DroughtJudgement, pricedSides } from './judgeDrought'

/** What a person takes out of one plan because of a drought. It is kept nowhere. */
export type Relief = {
  /** Assets that this plan leaves alone. */
  readonly skipped: readonly AssetId[]
  /** The most that this plan may sell, in basis points of the portfolio. */
  readonly turnoverCapBps?: Bps
}

/** A plan as the person's settings have it. */
export const noRelief: Relief = { skipped: [] }

/** The settings of one plan: the person's own, and what is taken out of it. Whichever turnover cap is lower holds. */
export function relieveSettings(settings: PlanSettings, { skipped, turnoverCapBps }: Relief): PlanSettings {
  if (skipped.length === 0 && turnoverCapBps === undefined) return settings
  const policy = settings.policy ?? openPolicy
  const others = policy.rules.filter(({ assetId }) => !skipped.includes(assetId))
  const locked = skipped.map((assetId) => {
    const own = ruleOf(policy, assetId)
    const isOut = own.participation === 'excluded' || own.participation === 'locked'
    return isOut
      ? { ...own, assetId }
      : { ...own, assetId, participation: 'locked' as const, cause: 'drought' as const }
  })
  const caps = [policy.turnoverCapBps, turnoverCapBps].filter((cap) => cap !== undefined)
  return {
    ...settings,
    policy: {
      ...policy,
      rules: [...others, ...locked],
      ...(caps.length === 0 ? {} : { turnoverCapBps: toBps(Math.min(...caps)) }),
    },
  }
}

/** Half of what a plan sells, in basis points of the portfolio, rounded up: the cap that splits it over two visits. */
export function halveTurnover(
  plan: Pick<RebalancePlan, 'spendings' | 'positions'>,
  snapshot: Pick<Snapshot, 'assets'>,
): Bps {
  const sides = pricedSides(snapshot)
  const soldUsd = plan.spendings.reduce((sum, { assetId, amount }) => {
    const side = sides.get(assetId)
    return side === undefined ? sum : sum + usdValue(amount, side.decimals, side.price)
  }, 0n)
  const totalUsd = plan.positions.reduce((sum, { nowUsd }) => sum + nowUsd, 0n)
  if (totalUsd === 0n) return toBps(bpsWhole)
  const half = Number(mulDivUp(soldUsd, BigInt(bpsWhole), 2n * totalUsd))
  return toBps(Math.min(half, bpsWhole))
}

/**
 * The assets that the droughts of a plan are about: what it sells or buys at the pools concerned, those that others are routed through
 * only where nothing else is. By id.
 */
export function listSkippable(
  { legs }: Pick<DroughtJudgement, 'legs'>,
  plan: Pick<RebalancePlan, 'spendings' | 'purchases'>,
  hubAssetIds: readonly AssetId[],
): readonly AssetId[] {
  const traded = new Set([...plan.spendings, ...plan.purchases].map(({ assetId }) => assetId))
  const concerned = legs.flatMap((leg) => {
    if (leg.status !== 'drought') return []
    const ends = leg.evidence.flatMap(({ sell, buy }) => [sell, buy]).filter((assetId) => traded.has(assetId))
    const own = ends.filter((assetId) => !hubAssetIds.includes(assetId))
    return own.length > 0 ? own : ends
  })
  return [...new Set(concerned)].sort()
}
