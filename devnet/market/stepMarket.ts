import { localDeployment } from '@/lib/chain/deployments/local'
import { arbitrageurAccount } from '../accounts'
import type { RunningChain } from '../calls'
import { answerFeeds, readFeeds } from '../control/feeds'
import { ratioAtFeeds } from '../marketSeed'
import { seededPools } from '../pools'
import { feedDecimals, startPrices, toFeedAnswer } from '../prices'
import { arbitrageTarget, priceOf, swapFeePips } from './arbitrage'
import { readPoolStates } from './readPoolStates'
import { tradeTo } from './tradeTo'
import { type Prices, walkPrices } from './walk'

/** Where the simulated market stands. Plain data: the same state and seed go the same way. */
export type MarketState = { readonly prices: Prices; readonly step: number; readonly seed: number }

const stableAnchors: Prices = Object.fromEntries(
  localDeployment.assets.flatMap(({ id, isStable }) => {
    const anchor = startPrices[id]
    return isStable && anchor !== undefined ? [[id, anchor]] : []
  }),
)

/** The state of a market that starts from what the feeds of a chain say. */
export async function readMarket(chain: RunningChain, { seed }: { readonly seed: number }): Promise<MarketState> {
  const { rounds } = await readFeeds(chain)
  const prices = Object.fromEntries(rounds.map(({ asset, answer }) => [asset.id, Number(answer) / 10 ** feedDecimals]))
  return { prices, step: 0, seed }
}

/** One step of the walk, without a chain. */
export function walkMarket({ prices, step, seed }: MarketState): MarketState {
  return { prices: walkPrices(prices, { seed, step, anchors: stableAnchors }), step: step + 1, seed }
}

/** Trades every pool that stands further from the feeds than its fee back to the edge of that band. */
export async function arbitragePools(chain: RunningChain): Promise<{ readonly swaps: number }> {
  const [{ rounds }, states] = await Promise.all([readFeeds(chain), readPoolStates(chain, seededPools)])
  const answers = new Map(rounds.map(({ asset, answer }) => [asset.id, answer]))
  const targets = seededPools.flatMap((pool, index) => {
    const state = states[index]
    const [answer0, answer1] = [answers.get(pool.asset0.id), answers.get(pool.asset1.id)]
    if (state === undefined || answer0 === undefined || answer1 === undefined) return []
    if (answer0 <= 0n || answer1 <= 0n) return []
    const fair = ratioAtFeeds(pool.asset0, pool.asset1, { answer0, answer1, offset: 0n })
    const target = arbitrageTarget(priceOf(state), fair, swapFeePips(state, fair, pool.feePips))
    return target === undefined ? [] : [{ pool, state, target }]
  })
  return tradeTo(chain, arbitrageurAccount.address, targets)
}

/** Moves every feed that no test holds by one step of the walk, then lets the arbitrageur bring the pools after them. */
export async function stepMarket(
  chain: RunningChain,
  state: MarketState,
): Promise<{ readonly state: MarketState; readonly swaps: number }> {
  const next = walkMarket(state)
  const answers = Object.entries(next.prices).map(([assetId, price]) => [assetId, toFeedAnswer(price)] as const)
  await answerFeeds(chain, new Map(answers))
  return { state: next, ...(await arbitragePools(chain)) }
}
