import type { AssetId } from '../asset'
import type { Bps, Usd } from '../units'

/** What one plan is for. Amounts are base units of the named asset, the cash; positive. */
export type PlanMode =
  /** Sell and buy towards the targets. */
  | { readonly kind: 'rebalance' }
  /** Buy only: spends exactly this much of the cash on what is furthest below its target. */
  | { readonly kind: 'investCash'; readonly assetId: AssetId; readonly amount: bigint }
  /** Sell only: what is furthest above its target is sold for at least this much more of the cash. */
  | { readonly kind: 'raiseCash'; readonly assetId: AssetId; readonly amount: bigint }
  /**
   * Sells the same part of everything, so that this much of the cash can leave and the weights stay. The part of it that is held as
   * cash already need not be bought.
   */
  | { readonly kind: 'withdraw'; readonly assetId: AssetId; readonly amount: bigint }

/**
 * How an asset takes part. `locked` counts and is never traded; `excluded` does not count either, and what is not known of it stands
 * in no plan's way.
 */
export type Participation = 'free' | 'buyOnly' | 'sellOnly' | 'locked' | 'excluded'

/** What a person has laid down for one asset. What is missing holds as for all assets. */
export type AssetRule = {
  readonly assetId: AssetId
  readonly participation: Participation
  /** Why it is locked where that holds for one plan only. */
  readonly cause?: 'drought'
  /** The asset is not traded below this weight, nor above `maximumBps`. */
  readonly minimumBps?: Bps
  readonly maximumBps?: Bps
  /** Its own band: it is out of band when its weight is further than this from its target. */
  readonly bandBps?: Bps
  /** How far from its target it is brought back with the destination `edge`: at most its band, which it is when missing. */
  readonly edgeBps?: Bps
}

/** Which assets a plan moves, and how far (POLICY, "Modes and limits", "Triggers"). */
export type PlanPolicy = {
  /** `outOfBand`: only what has left its band, and of the others as much as the sum needs. */
  readonly scope: 'everything' | 'outOfBand'
  /** Half-way to the target, or to the edge of the band, costs less and comes sooner again. */
  readonly destination: 'target' | 'halfway' | 'edge'
  /** Each asset at most once. */
  readonly rules: readonly AssetRule[]
  /** So many base units of a stable asset are never sold; less is filled up to it. */
  readonly cashReserve?: { readonly assetId: AssetId; readonly amount: bigint }
  /** The most that one plan may sell, in basis points of the portfolio: every trade is scaled, none dropped. */
  readonly turnoverCapBps?: Bps
  /** No trade is smaller; the chain's own minimum holds all the same. */
  readonly minimumTradeUsd?: Usd
}

/** Everything to its target, and no rule for any asset. */
export const openPolicy: PlanPolicy = { scope: 'everything', destination: 'target', rules: [] }

/** What a plan does where nothing else is asked for. */
export const rebalanceMode: PlanMode = { kind: 'rebalance' }

const freeRule = { participation: 'free' } as const

/** What holds for one asset. */
export function ruleOf({ rules }: Pick<PlanPolicy, 'rules'>, assetId: AssetId): Omit<AssetRule, 'assetId'> {
  return rules.find((rule) => rule.assetId === assetId) ?? freeRule
}

/** Whether anything keeps assets from their targets for good. */
export function hasBounds({ rules, cashReserve }: PlanPolicy): boolean {
  return (
    cashReserve !== undefined ||
    rules.some(
      ({ participation, minimumBps, maximumBps }) =>
        (participation !== 'free' && participation !== 'excluded') ||
        minimumBps !== undefined ||
        maximumBps !== undefined,
    )
  )
}

/** Whether an asset counts for the portfolio at all. */
export function isCounted(policy: Pick<PlanPolicy, 'rules'> | undefined, assetId: AssetId): boolean {
  return policy === undefined || ruleOf(policy, assetId).participation !== 'excluded'
}

/** How far an asset may drift before it is out of band. */
export function bandOf(
  { bandBps, policy }: { readonly bandBps: Bps; readonly policy?: Pick<PlanPolicy, 'rules'> | undefined },
  assetId: AssetId,
): Bps {
  return (policy && ruleOf(policy, assetId).bandBps) ?? bandBps
}
