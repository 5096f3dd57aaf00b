import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { movePool, thinPool } from '@/devnet/control/pools'
import { seededContractPools, seededPools } from '@/devnet/pools'
import { type Devnet, startDevnet } from '@/devnet/startDevnet'
import { type ChainClient, createChainClient } from '@/lib/chain/client'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import { judgeDrought, type LegEvidence } from '@/lib/core/drought/judgeDrought'
import { type MarketObservations, noObservations } from '@/lib/core/drought/observations'
import { halveTurnover, listSkippable, noRelief, type Relief, relieveSettings } from '@/lib/core/drought/relief'
import { composeObservations, rememberMarket } from '@/lib/core/drought/rememberMarket'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import type { Snapshot } from '@/lib/core/snapshot'
import { toTargets } from '@/lib/core/targets'
import { toBps } from '@/lib/core/units'
import { readSnapshot } from './readSnapshot'

let devnet: Devnet
let client: ChainClient
let clean: `0x${string}`

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

/** Three assets are sold off in part, one is new, one goes. */
const weights = { ETH: 3_500, WBTC: 2_000, USDC: 1_500, LINK: 1_000, UNI: 500, AAVE: 800, MKR: 700 }

function makePlan(snapshot: Snapshot, relief: Relief = noRelief): RebalancePlan {
  const wanted = Object.entries(weights).map(([assetId, weightBps]) => ({ assetId, weightBps }))
  const ids = snapshot.assets.map(({ asset }) => asset.id)
  const own = { bandBps: toBps(50), slippageBps: toBps(50), stableSlippageBps: toBps(10), nativeReserve: 0n }
  const outcome = planRebalance({
    snapshot,
    targets: toTargets(wanted, ids),
    settings: relieveSettings(own, relief),
    maxFeePerGas: 2n * snapshot.block.baseFeePerGas + 10n ** 9n,
    nativeReserveFloor: deployment.nativeReserveFloor,
    wrappedNative: deployment.contracts.wrappedNative,
    hubAssetIds: deployment.hubAssetIds,
    rung: 'atomicBatch',
    deadlineSeconds: 600,
    callLimit: 10,
  })
  if (outcome.status !== 'planned') throw new Error(JSON.stringify(outcome.status))
  return outcome.plan
}

async function visit(relief?: Relief) {
  const snapshot = await readSnapshot(client, { deployment, account: devnet.accounts.demo.address })
  return { snapshot, plan: makePlan(snapshot, relief) }
}

type Visit = Awaited<ReturnType<typeof visit>>

const judge = ({ plan, snapshot }: Visit, memory: MarketObservations = noObservations) =>
  judgeDrought(plan, snapshot, memory)

const evidenceOf = (judgement: ReturnType<typeof judge>): readonly LegEvidence[] =>
  judgement.legs.flatMap((leg) => (leg.status === 'drought' ? leg.evidence : []))

/** What a device knows after six hours in which the market stood as it was found. */
function sixHoursOf({ plan, snapshot }: Visit): MarketObservations {
  const seen = composeObservations(snapshot, plan)
  let memory = noObservations
  for (const hours of [6, 5, 4, 3, 2, 1]) {
    const at = snapshot.block.timestamp - hours * 3_600
    const moved = {
      impacts: seen.impacts.map((one) => ({ ...one, at })),
      gaps: seen.gaps.map((one) => ({ ...one, at })),
      prices: [],
    }
    memory = rememberMarket(memory, moved, at)
  }
  return memory
}

async function thinMaker(leftBps: number): Promise<void> {
  for (const pool of seededContractPools.filter(({ assets }) => assets.includes('MKR'))) {
    await thinPool(devnet, pool, leftBps)
  }
}

test('default: in the market as it is seeded no leg is in drought, and that prices of before are not known is said', async () => {
  const found = await visit()
  const judgement = judge(found, sixHoursOf(found))
  expect(evidenceOf(judgement)).toEqual([])
  expect(judgement.legs.map(({ status }) => status)).not.toContain('drought')
  expect(judgement.market).toMatchObject({ status: 'unknown', unknown: [{ kind: 'hour' }, { kind: 'day' }] })
})

test('behaviour: thinned pools are a drought of their asset alone, by depth and by impact', async () => {
  const before = await visit()
  const memory = sixHoursOf(before)
  await thinMaker(1_500)
  const after = await visit()
  const evidence = evidenceOf(judge(after, memory))
  expect(evidence.map(({ kind }) => kind)).toContain('depth')
  expect(evidence.map(({ kind }) => kind)).toContain('impact')
  for (const one of evidence) {
    if (one.kind === 'depth') {
      expect(one).toMatchObject({ sell: 'ETH', buy: 'MKR', poolCount: 2 })
      expect(one.depthUsd).toBeLessThan(one.tradeUsd * 10n)
      expect(one.tradeUsd).toBeGreaterThan(0n)
    }
    if (one.kind === 'impact') {
      expect(one.impactBps).toBeGreaterThan(3 * one.usual.medianBps)
      expect(one.usual.count).toBe(6)
    }
  }
  const judgement = judge(after, memory)
  const dry = judgement.legs.filter(({ status }) => status === 'drought')
  expect(dry.length).toBeGreaterThan(0)
  expect(dry.every(({ buy }) => buy === 'MKR')).toBe(true)
  expect(listSkippable(judgement, after.plan, deployment.hubAssetIds)).toContain('MKR')
})

test('behaviour: skipped, the asset is left alone for the drought; split, the plan sells half', async () => {
  await thinMaker(1_500)
  const whole = await visit()
  const skipped = await visit({ skipped: ['MKR'] })
  expect(skipped.plan.skipped.find(({ assetId }) => assetId === 'MKR')?.reason).toBe('drought')
  expect(evidenceOf(judge(skipped))).toEqual([])
  const turnoverCapBps = halveTurnover(whole.plan, whole.snapshot)
  const half = await visit({ skipped: [], turnoverCapBps })
  expect(halveTurnover(half.plan, half.snapshot)).toBeLessThanOrEqual(Math.ceil(turnoverCapBps / 2) + 1)
  expect(half.plan.skipped.map(({ reason }) => reason)).toContain('turnoverCap')
})

test('behaviour: pools that moved away from their feed are a drought by their gap', async () => {
  const memory = sixHoursOf(await visit())
  // LINK becomes 1.5 % cheaper in all its pools; its feed does not follow.
  for (const pool of seededPools.filter(({ assets }) => assets.includes('LINK'))) {
    await movePool(devnet, pool, pool.asset0.id === 'LINK' ? -150 : 152)
  }
  const after = await visit()
  const gaps = evidenceOf(judge(after, memory)).filter((one) => one.kind === 'gap')
  expect(gaps.length).toBeGreaterThan(0)
  for (const gap of gaps) {
    expect([gap.sell, gap.buy]).toContain('LINK')
    expect(gap.gapBps).toBeGreaterThan(100)
    expect(gap.gapBps).toBeLessThan(200)
    expect(gap.usual).toMatchObject({ status: 'known', count: 6 })
  }
  // Unknown is not taken for usual either.
  expect(evidenceOf(judge(after)).filter(({ kind }) => kind === 'gap')).toHaveLength(gaps.length)
})
