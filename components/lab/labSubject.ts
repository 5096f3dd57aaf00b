import type { Asset } from '@/lib/core/asset'
import type { FundedPortfolio } from '@/lib/core/portfolio/portfolio'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import type { PlanSettings, Targets } from '@/lib/core/targets'
import { bpsWhole } from '@/lib/core/units'
import type { AccountOnChain } from '@/lib/storage/accountStores'

/** A share of the studied portfolio, in basis points. */
export type LabTarget = { readonly id: string; readonly weightBps: number }

/** What a rebalance is known to cost, and from where. */
export type KnownCost = { readonly feeBps: number; readonly gasUsd: number; readonly source: 'plan' | 'gasPrice' }

/** Whose portfolio the lab starts from. */
export type LabSubject = {
  readonly source: 'example' | 'targets' | 'holdings'
  /** Missing for the example. */
  readonly owner?: AccountOnChain
  readonly targets: readonly LabTarget[]
  /** What is held now, in basis points; missing for the example. */
  readonly held?: readonly LabTarget[]
  readonly totalUsd: number
  readonly known?: KnownCost
  readonly settings: PlanSettings
}

/** A portfolio to look at while nobody is connected. */
export const exampleTargets: readonly LabTarget[] = [
  { id: 'ETH', weightBps: 4000 },
  { id: 'WBTC', weightBps: 3000 },
  { id: 'LINK', weightBps: 1000 },
  { id: 'USDC', weightBps: 2000 },
]

/** Dollars of the example. */
export const exampleUsd = 10_000

/** What one swap of a rebalance takes, with its share of the approvals. */
const usualGasUnits = 250_000

/** The fee that stands until a plan says more: the one of most pools. */
export const usualFeeBps = 30

/** Dollars x 1e18 as a float. */
export const toDollars = (usd: bigint) => Number(usd) / 1e18

/** The example, for whoever has not connected. */
export function composeExample(settings: PlanSettings): LabSubject {
  return { source: 'example', targets: exampleTargets, totalUsd: exampleUsd, settings }
}

/** What a plan that was made already costs: its fees and impact for what it trades, and its gas. */
export function measureKnownCost(plan: RebalancePlan, totalUsd: number): KnownCost | undefined {
  const tradedUsd = ((plan.driftBeforeBps - plan.driftAfterBps) / bpsWhole) * totalUsd
  if (!(tradedUsd > 0)) return undefined
  const tradingUsd = toDollars(plan.cost.feeUsd) + Math.max(0, toDollars(plan.cost.impactUsd))
  const feeBps = Math.min(bpsWhole / 10, (tradingUsd / tradedUsd) * bpsWhole)
  return { feeBps, gasUsd: toDollars(plan.cost.gasUsd), source: 'plan' }
}

/** What a swap's gas costs at a gas price, with the usual fee. */
export function estimateCost(baseFeePerGas: bigint, nativeUsd: number): KnownCost {
  // {usd} = {gas} {wei / gas} / {wei / coin} {usd / coin}
  return {
    feeBps: usualFeeBps,
    gasUsd: ((usualGasUnits * Number(baseFeePerGas)) / 1e18) * nativeUsd,
    source: 'gasPrice',
  }
}

type AccountFacts = {
  readonly owner: AccountOnChain
  readonly portfolio: FundedPortfolio
  readonly targets: Targets | undefined
  readonly settings: PlanSettings
  readonly known: KnownCost | undefined
}

/** An account's own portfolio: its targets, or what it holds where it has none. */
export function composeSubject({ owner, portfolio, targets, settings, known }: AccountFacts): LabSubject {
  const held = portfolio.positions
    .filter(({ isExcluded }) => !isExcluded)
    .map(({ assetId, weightBps }) => ({ id: assetId, weightBps: Number(weightBps) }))
  const wanted =
    targets?.weights.map(({ assetId, weightBps }) => ({ id: assetId, weightBps: Number(weightBps) })) ?? held
  return {
    source: targets === undefined ? 'holdings' : 'targets',
    owner,
    targets: wanted.filter(({ weightBps }) => weightBps > 0),
    held: held.filter(({ weightBps }) => weightBps > 0),
    totalUsd: toDollars(portfolio.totalUsd),
    settings,
    ...(known === undefined ? {} : { known }),
  }
}

const stableNames = new Set(['USDC', 'USDT', 'DAI'])

/** Whether an asset is pegged to the dollar. */
export function isStableAsset(id: string, assets: readonly Asset[]): boolean {
  return assets.find((asset) => asset.id === id)?.isStable ?? stableNames.has(id)
}
