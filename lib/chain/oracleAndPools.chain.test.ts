import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { setFeedAnswer } from '@/devnet/control/feeds'
import { movePool } from '@/devnet/control/pools'
import { seededPools } from '@/devnet/pools'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import type { PlanOutcome } from '@/lib/core/rebalance/plan'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import type { Snapshot } from '@/lib/core/snapshot'
import { toTargets } from '@/lib/core/targets'
import { type Hex, toBps } from '@/lib/core/units'
import { type ChainClient, createChainClient } from './client'
import { localDeployment as deployment } from './deployments/local'
import { readSnapshot } from './read/readSnapshot'

let devnet: Devnet
let client: ChainClient
let clean: Hex

beforeAll(async () => {
  devnet = await startDevnet({ mining: 'instant', heartbeat: false })
  client = createChainClient({ deployment, rpcUrls: [devnet.rpcUrl], retryCount: 0 })
  clean = await devnet.client.snapshot()
})
afterAll(() => devnet?.stop())
beforeEach(async () => {
  await devnet.client.revert({ id: clean })
  clean = await devnet.client.snapshot()
})

/** Plans to hold more of one asset, paid with all others in proportion. */
async function plan(assetId: string, weightBps: number): Promise<{ snapshot: Snapshot; outcome: PlanOutcome }> {
  const snapshot = await readSnapshot(client, { deployment, account: devnet.accounts.demo.address })
  const weights = [
    { assetId, weightBps },
    { assetId: assetId === 'USDC' ? 'ETH' : 'USDC', weightBps: 10_000 - weightBps },
  ]
  const outcome = planRebalance({
    snapshot,
    targets: toTargets(
      weights,
      deployment.assets.map(({ id }) => id),
    ),
    settings: { bandBps: toBps(100), slippageBps: toBps(50), stableSlippageBps: toBps(10), nativeReserve: 0n },
    maxFeePerGas: 2n * 10n ** 9n,
    nativeReserveFloor: deployment.nativeReserveFloor,
    wrappedNative: deployment.contracts.wrappedNative,
    hubAssetIds: deployment.hubAssetIds,
    rung: 'atomicBatch',
    deadlineSeconds: 600,
  })
  return { snapshot, outcome }
}

function priceOf(snapshot: Snapshot, assetId: string): number {
  const price = snapshot.assets.find(({ asset }) => asset.id === assetId)?.price
  if (price?.status !== 'fresh') throw new Error(`no price of ${assetId}`)
  return Number(price.usd / 10n ** 10n) / 1e8
}

/** The assets that a plan trades, and pools of one asset that were left out because of their price. */
function summarise({ outcome }: { outcome: PlanOutcome }, assetId: string) {
  if (outcome.status !== 'planned') return { traded: [], offPrice: [], outcome }
  const { legs, leftOut } = outcome.plan
  return {
    traded: [...new Set(legs.flatMap(({ hops }) => hops.flatMap(({ sell, buy }) => [sell, buy])))],
    offPrice: leftOut.filter(({ reason, assetIds }) => reason === 'offPrice' && assetIds.includes(assetId)),
    outcome,
  }
}

describe('F-57: feeds and pools disagree', () => {
  test.each([1.03, 0.97])('behaviour: a feed at %f of its pools: nothing of that asset is traded', async (factor) => {
    const before = await plan('LINK', 3_000)
    expect(summarise(before, 'LINK').traded).toContain('LINK')
    await setFeedAnswer(devnet, 'LINK', { price: priceOf(before.snapshot, 'LINK') * factor })
    const { traded, offPrice, outcome } = summarise(await plan('LINK', 3_000), 'LINK')
    expect(traded).not.toContain('LINK')
    if (outcome.status === 'planned') {
      expect(offPrice.length).toBeGreaterThan(0)
      for (const { offBps } of offPrice) expect(offBps).toBeGreaterThan(200)
    }
  })

  test('behaviour: one pool moved by 30 % in a block is left out, with how far off it is', async () => {
    const { snapshot } = await plan('LINK', 3_000)
    const pool = seededPools.find(
      ({ version, assets }) => version === 'v3' && assets.includes('LINK') && assets.includes('ETH'),
    )
    if (pool === undefined) throw new Error('no pool')
    await movePool(devnet, pool, -3_000)
    const { offPrice, outcome } = summarise(await plan('LINK', 3_000), 'LINK')
    expect(snapshot.pools.some(({ id }) => id === pool.id)).toBe(true)
    expect(offPrice).toContainEqual(expect.objectContaining({ pool: expect.objectContaining({ id: pool.id }) }))
    if (outcome.status !== 'planned') throw new Error(outcome.status)
    expect(outcome.plan.legs.flatMap(({ hops }) => hops.map((hop) => hop.pool.id))).not.toContain(pool.id)
  })

  test('behaviour: a stable coin at 0.97 by its feed: its pools are 3 % off, and none of it is traded', async () => {
    await setFeedAnswer(devnet, 'USDT', { price: 0.97 })
    const { traded } = summarise(await plan('USDT', 5_000), 'USDT')
    expect(traded).not.toContain('USDT')
  })
})
