import type { AssetId } from '../asset'
import type { Rung } from '../execution/execution'
import type { RoutingProblem } from '../routing/problem'
import type { RoutingSolution } from '../routing/solution'
import type { ReplayedLeg } from './composeLegs'
import type { PoolNode } from './composePools'
import type { Sellable } from './composeRouting'
import type { Approvals } from './gasModel'
import type { Spending } from './plan'
import type { PricedAsset } from './screenAssets'

/** What is to be routed, and through what. */
export type RouteRequest = {
  readonly sellables: readonly Sellable[]
  readonly hubs: readonly PricedAsset[]
  /** Those that the router knows. */
  readonly pools: readonly PoolNode[]
  readonly native: PricedAsset
  readonly rung: Rung
  /** Unix seconds. */
  readonly deadline: number
  readonly maxFeePerGas: bigint
  /** Dollars that an asset may end off its target so that a call that does not pay for its gas can be left out. */
  readonly toleratedUsd: number
  readonly maxLegs: number
  readonly effort: Exclude<FlowEffort, 'bound'>
  /** Dollars that another router leaves of the traded assets after gas: what cannot leave more need not be worked out. */
  readonly rivalUsd?: number | undefined
  readonly solve: SolveFlow
}

/**
 * How much is done for a flow. `bound`: only the bound counts; `rough`: it is about to be judged and made again; `full`: it is to be
 * signed.
 */
export type FlowEffort = 'bound' | 'rough' | 'full'

/** Solves for an acyclic flow, with at most `maxPoolCalls` pools where the problem says so. */
export type SolveFlow = (problem: RoutingProblem, effort: FlowEffort) => RoutingSolution

/** Trades in the order of execution, replayed exactly, before they are priced. */
export type RoutedTrades =
  | {
      readonly status: 'routed'
      readonly problem: RoutingProblem
      readonly solution: RoutingSolution
      readonly legs: readonly ReplayedLeg[]
      readonly spendings: readonly Spending[]
      readonly approvals: Approvals
      readonly gasUnits: bigint
      /** Every asset ends as near to its share as it would with any number of legs. */
      readonly isOnTarget: boolean
    }
  /** The pools cannot carry a way from one asset to the other. */
  | { readonly status: 'failed'; readonly sell: AssetId; readonly buy: AssetId }
  | { readonly status: 'tooManyLegs' }
  /** Another router leaves more than this one can. */
  | { readonly status: 'outbid' }
  /** It is not known what the router may already take from the account. */
  | { readonly status: 'unknownAllowance' }
  | { readonly status: 'nothing' }

/** What is sold of an asset in base units, rounded down; all of it where nothing of it is wanted. */
export function exactSale({ wanted, sellable, keptUsd }: Sellable, whole: number, solution: RoutingSolution): bigint {
  const units = BigInt(Math.floor(whole * 10 ** wanted.asset.decimals))
  const isAll = solution.status === 'solved' && wanted.wantedUsd <= keptUsd
  return isAll || units > sellable ? sellable : units
}
