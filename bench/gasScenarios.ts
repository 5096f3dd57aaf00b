import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { localDeployment } from '@/lib/chain/deployments/local'
import { readSnapshot } from '@/lib/chain/read/readSnapshot'
import type { Bundle } from '@/lib/core/bundle'
import type { RebalancePlan, RouterName } from '@/lib/core/rebalance/plan'
import type { Pool, Snapshot } from '@/lib/core/snapshot'
import type { Address } from '@/lib/core/units'
import { buildPlan, type LegDraft } from '@/lib/testing/builders/plan'
import { buildRouterPlan } from '@/lib/testing/builders/routerPlan'
import type { BenchChain } from './sending'

/** A swap in one pool, the same whichever way it is sent. */
type FixedSwap = {
  readonly sell: string
  readonly buy: string
  readonly amountIn: bigint
  readonly venue: 'v2' | number
}

/** Swaps that somebody wants done, and what sending them together may cost against sending them apart. */
export type GasScenario = {
  readonly name: string
  readonly swaps: readonly FixedSwap[]
  /** The most that the bundle may use against separate swaps, by how those are approved. */
  readonly goals: { readonly exactFirst: number; readonly exactAgain: number; readonly unlimitedFirst?: number }
}

const dollars = (amount: number) => BigInt(amount) * 10n ** 6n
const whole = (amount: number) => BigInt(amount) * 10n ** 18n

/** One token sold for five others, each in a pool of its own. */
function sellOneBuyFive(name: string, amountIn: bigint): GasScenario {
  return {
    name,
    goals: { exactFirst: 0.6, exactAgain: 0.56 },
    swaps: [
      { sell: 'USDC', buy: 'WBTC', amountIn, venue: 3000 },
      { sell: 'USDC', buy: 'DAI', amountIn, venue: 100 },
      { sell: 'USDC', buy: 'LINK', amountIn, venue: 3000 },
      { sell: 'USDC', buy: 'UNI', amountIn, venue: 10000 },
      { sell: 'USDC', buy: 'AAVE', amountIn, venue: 3000 },
    ],
  }
}

/** Larger amounts cross more ticks, which costs every way the same and so brings the ways closer together. */
export const gasScenarios: readonly GasScenario[] = [
  sellOneBuyFive('sell 1, buy 5 ($100 each)', dollars(100)),
  sellOneBuyFive('sell 1, buy 5 ($900 each)', dollars(900)),
  {
    name: 'four swaps, four sold tokens',
    goals: { exactFirst: 0.65, exactAgain: 0.65, unlimitedFirst: 0.65 },
    swaps: [
      { sell: 'WBTC', buy: 'ETH', amountIn: 2_000_000n, venue: 3000 },
      { sell: 'UNI', buy: 'ETH', amountIn: whole(200), venue: 3000 },
      { sell: 'LINK', buy: 'ETH', amountIn: whole(100), venue: 3000 },
      { sell: 'USDC', buy: 'DAI', amountIn: dollars(900), venue: 100 },
    ],
  },
]

function findPool(snapshot: Snapshot, { sell, buy, venue }: FixedSwap): Pool {
  const found = snapshot.pools.find(
    ({ kind, feePips, assetIds }) =>
      (venue === 'v2' ? kind === 'constantProduct' : kind === 'concentrated' && feePips === venue) &&
      assetIds.includes(sell) &&
      assetIds.includes(buy),
  )
  if (found === undefined) throw new Error(`The local chain has no pool ${venue} of ${sell} and ${buy}.`)
  return found
}

/** Up to so many swaps of one token pull it by themselves; for more it is pulled into the Universal Router once. */
const mostDirectPulls = 4

function buildFlow(snapshot: Snapshot, swaps: readonly FixedSwap[]): RebalancePlan {
  const tokenOf = (assetId: string): Address => {
    const reading = snapshot.assets.find(({ asset }) => asset.id === assetId)
    if (reading === undefined) throw new Error(`The local chain does not list ${assetId}.`)
    return reading.asset.poolToken.address
  }
  const sold = [...new Set(swaps.map(({ sell }) => sell))].map((sell) => {
    const own = swaps.filter((swap) => swap.sell === sell)
    return { sell, count: own.length, amount: own.reduce((sum, { amountIn }) => sum + amountIn, 0n) }
  })
  return buildRouterPlan(snapshot, {
    sold: sold.map(({ sell, amount }) => ({ token: tokenOf(sell), amount })),
    drafts: swaps.map((swap) => {
      const { sell, amountIn } = swap
      const count = sold.find((each) => each.sell === sell)?.count ?? 0
      return { sell, amountIn, pool: findPool(snapshot, swap), paidFrom: count > mostDirectPulls ? 'router' : 'token' }
    }),
  })
}

function buildPaths(snapshot: Snapshot, swaps: readonly FixedSwap[]): RebalancePlan {
  const drafts = swaps.map((swap): LegDraft => {
    const { sell, amountIn } = swap
    return { sell, amountIn, paidFrom: 'token', pools: [findPool(snapshot, swap)] }
  })
  return buildPlan(snapshot, drafts)
}

/** The swaps of a scenario as a plan at the chain's present state, and the bundle that Ballast makes of it. */
export async function composeScenario(
  { client }: BenchChain,
  account: Address,
  { swaps, router }: { readonly swaps: readonly FixedSwap[]; readonly router: RouterName },
): Promise<{ readonly plan: RebalancePlan; readonly bundle: Bundle }> {
  const deployment = localDeployment
  const snapshot = await readSnapshot(client, { deployment, account })
  const plan = router === 'swapRouter02' ? buildPaths(snapshot, swaps) : buildFlow(snapshot, swaps)
  return { plan, bundle: composeBundle({ plan, snapshot, deployment }) }
}
