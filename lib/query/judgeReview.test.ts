import { describe, expect, test } from 'vitest'
import type { ChainClient } from '@/lib/chain/client'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { RebalancePlan } from '@/lib/core/rebalance/plan'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import type { Pool, Snapshot } from '@/lib/core/snapshot'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import { judgeReview } from './judgeReview'
import type { PlanState, PlanSubject } from './planQuery'

const snapshot = buildMarket({ holdings: { ETH: 20_000n, USDC: 40_000n, LINK: 15_000n } })
const request = buildPlanRequest({ snapshot, weights: { ETH: 5000, USDC: 2500, UNI: 2500 } })

function planAt(at: Snapshot): RebalancePlan {
  const outcome = planRebalance({ ...request, snapshot: at })
  if (outcome.status !== 'planned') throw new Error(outcome.status)
  return outcome.plan
}

const plan = planAt(snapshot)
const subject: PlanSubject = {
  deployment: localDeployment,
  account: snapshot.account,
  client: {} as ChainClient,
  targets: request.targets,
  settings: request.settings,
  rung: 'atomicBatch',
}
const review = {
  plan,
  snapshot,
  bundle: {
    chainId: 31337,
    account: snapshot.account,
    approvals: [],
    swap: { to: snapshot.account, data: '0x', value: 0n },
    deadline: plan.deadline,
    hash: '0x',
  },
} as const

const laterBlock = {
  ...snapshot.block,
  number: 105n,
  hash: '0x0105',
  timestamp: snapshot.block.timestamp + 20,
} as const

function stateAt(after: Snapshot, newPlan: RebalancePlan = plan): PlanState {
  return {
    outcome: { status: 'planned', plan: newPlan },
    snapshot: after,
    priorityFeePerGas: 0n,
    checkedAt: after.block,
    checkedAtMs: 0,
    planMs: 1,
  }
}

const usedPools = new Set(plan.legs.flatMap(({ hops }) => hops.map(({ pool }) => pool.id)))

function thin(pool: Pool, percent: bigint): Pool {
  if (!usedPools.has(pool.id)) return pool
  return pool.kind === 'constantProduct'
    ? { ...pool, reserve0: (pool.reserve0 * percent) / 100n, reserve1: (pool.reserve1 * percent) / 100n }
    : { ...pool, liquidity: (pool.liquidity * percent) / 100n }
}

describe('judgeReview', () => {
  test('default: nothing changed, so the reviewed bytes go out', () => {
    const after = { ...snapshot, block: laterBlock }
    expect(judgeReview(review, { subject, now: stateAt(after) })).toEqual({ status: 'stands' })
  })

  test('behaviour: a market that moved by less than 0.1 % leaves the review standing', () => {
    const after = { ...snapshot, block: laterBlock, pools: snapshot.pools.map((pool) => thin(pool, 99n)) }
    expect(judgeReview(review, { subject, now: stateAt(after, planAt(after)) })).toEqual({ status: 'stands' })
  })

  test('behaviour: legs that would be quoted lower, or a plan that differs, are reviewed again', () => {
    const after = { ...snapshot, block: laterBlock, pools: snapshot.pools.map((pool) => thin(pool, 40n)) }
    const moved = { status: 'outdated', failure: 'quoteMoved' }
    expect(judgeReview(review, { subject, now: stateAt(after, planAt(after)) })).toEqual(moved)
    expect(judgeReview(review, { subject, now: stateAt(after) })).toEqual(moved)
    const blocked: PlanState = { ...stateAt(after), outcome: { status: 'nothingToDo', driftBps: 0, skipped: [] } }
    expect(judgeReview(review, { subject, now: blocked })).toEqual(moved)
  })

  test('behaviour: a balance or an allowance that changed is reviewed again', () => {
    const after: Snapshot = {
      ...snapshot,
      block: laterBlock,
      assets: snapshot.assets.map((reading) =>
        reading.asset.id === 'LINK'
          ? {
              ...reading,
              tokens: reading.tokens.map((token) => ({ ...token, routerAllowance: { status: 'known', amount: 9n } })),
            }
          : reading,
      ),
    }
    expect(judgeReview(review, { subject, now: stateAt(after) })).toEqual({
      status: 'outdated',
      failure: 'balanceChanged',
    })
  })

  test('behaviour: near its deadline a review is made again', () => {
    const block = { ...laterBlock, timestamp: plan.deadline - 179 }
    expect(judgeReview(review, { subject, now: stateAt({ ...snapshot, block }) })).toEqual({
      status: 'outdated',
      failure: 'deadlinePassed',
    })
  })
})
