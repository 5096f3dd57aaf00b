import { afterAll, beforeAll, expect, test } from 'vitest'
import { readFeeds, setFeedAnswer } from '../control/feeds'
import { ratioAtFeeds } from '../marketSeed'
import { seededPools } from '../pools'
import { toFeedAnswer } from '../prices'
import { type Devnet, startDevnet } from '../startDevnet'
import { arbitrageTarget, priceOf, swapFeePips } from './arbitrage'
import { readPoolStates } from './readPoolStates'
import { arbitragePools, readMarket, stepMarket, walkMarket } from './stepMarket'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet()
})
afterAll(() => devnet.stop())

/** Fees with a hair's breadth more: the last wei of a swap is rounded. */
const toleratedPips = 2

async function poolsOutsideTheirFees(): Promise<readonly string[]> {
  const [{ rounds }, states] = await Promise.all([readFeeds(devnet), readPoolStates(devnet, seededPools)])
  const answers = new Map(rounds.map(({ asset, answer }) => [asset.id, answer]))
  return seededPools.flatMap(({ asset0, asset1, feePips, id }, index) => {
    const state = states[index]
    const [answer0, answer1] = [answers.get(asset0.id), answers.get(asset1.id)]
    if (state === undefined || answer0 === undefined || answer1 === undefined) return [id]
    const fair = ratioAtFeeds(asset0, asset1, { answer0, answer1, offset: 0n })
    const fee = swapFeePips(state, fair, feePips) + toleratedPips
    return arbitrageTarget(priceOf(state), fair, fee) === undefined ? [] : [id]
  })
}

test('default', async () => {
  let state = await readMarket(devnet, { seed: 7 })
  let swaps = 0
  for (let step = 0; step < 10; step++) {
    const expected = walkMarket(state)
    const stepped = await stepMarket(devnet, state)
    expect(stepped.state).toEqual(expected)
    state = stepped.state
    swaps += stepped.swaps
    const { rounds } = await readFeeds(devnet)
    for (const { asset, answer } of rounds) expect(answer).toBe(toFeedAnswer(state.prices[asset.id] ?? 0))
    expect(await poolsOutsideTheirFees()).toEqual([])
  }
  expect(swaps).toBeGreaterThan(10)
})

test('behaviour: pools of every version follow a jump of a feed both ways, and nothing is left to trade', async () => {
  const versions = new Map<string, string>(seededPools.map(({ id, version }) => [id, version]))
  for (const price of [2_300, 1_700]) {
    await setFeedAnswer(devnet, 'ETH', { price })
    const outside = await poolsOutsideTheirFees()
    expect(new Set(outside.map((id) => versions.get(id)))).toEqual(new Set(['v2', 'v3', 'v4']))
    expect((await arbitragePools(devnet)).swaps).toBeGreaterThanOrEqual(outside.length)
    expect(await poolsOutsideTheirFees()).toEqual([])
  }
})
