import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { ChainClient } from '@/lib/chain/client'
import { localDeployment } from '@/lib/chain/deployments/local'
import type { FrontierPlan, PlanOutcome } from '@/lib/core/rebalance/plan'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import type { PlanRequest } from '@/lib/core/rebalance/planRequest'
import { wethToken } from '@/lib/testing/builders/assets'
import { buildMarket, buildPlanRequest } from '@/lib/testing/builders/market'
import { exportPlanFile, NothingToExportError } from './exportPlanFile'
import { frontierQuery } from './frontierQuery'
import { type PlanState, type PlanSubject, planKey } from './planQuery'
import { hashQueryKey } from './queryClient'

const world = vi.hoisted(() => ({ frontiers: [] as PlanRequest[], exported: [] as unknown[], hasFile: true }))

vi.mock('@/lib/workers/plannerClient', () => ({
  plannerClient: () => ({
    frontier: async (asked: PlanRequest) => {
      world.frontiers.push(asked)
      const outcome = planRebalance(asked)
      return { plans: outcome.status === 'planned' ? [{ legs: 1, plan: outcome.plan }] : [], elapsedMs: 1 }
    },
    exportPlan: async (asked: PlanRequest, routers: unknown) => {
      world.exported.push([asked, routers])
      return world.hasFile ? { format: 'ballast-plan' } : undefined
    },
  }),
}))

const snapshot = buildMarket({ holdings: { ETH: 20_000n, USDC: 40_000n, LINK: 15_000n } })
const request = buildPlanRequest({ snapshot, weights: { ETH: 5000, USDC: 2500, UNI: 2500 } })
const subject: PlanSubject = {
  // The tests' market trades a wrapped coin of its own.
  deployment: { ...localDeployment, contracts: { ...localDeployment.contracts, wrappedNative: wethToken.address } },
  account: snapshot.account,
  client: { chain: { id: 31337 } } as ChainClient,
  targets: request.targets,
  settings: request.settings,
  rung: 'atomicBatch',
}

function stateOf(outcome: PlanOutcome): PlanState {
  const { block } = snapshot
  return { outcome, snapshot, priorityFeePerGas: 5n, checkedAt: block, checkedAtMs: 0, planMs: 1 }
}

/** Queries that know a plan of the subject already, so that nothing is read. */
function startQueries(outcome: PlanOutcome = planRebalance(request), of: PlanSubject = subject) {
  const queries = new QueryClient({ defaultOptions: { queries: { queryKeyHashFn: hashQueryKey } } })
  queries.setQueryData(planKey(of), stateOf(outcome))
  return queries
}

beforeEach(() => {
  world.frontiers = []
  world.exported = []
  world.hasFile = true
})

describe('frontierQuery', () => {
  test('default: made at the moment of the plan, whatever number of legs was chosen', async () => {
    const queries = startQueries()
    const plans = await queries.fetchQuery(frontierQuery({ ...subject, maxLegs: 2 }))
    expect(plans).toHaveLength(1)
    const [asked] = world.frontiers
    expect(asked).not.toHaveProperty('maxLegs')
    expect(asked?.snapshot).toBe(snapshot)
    expect(asked?.maxFeePerGas).toBe((snapshot.block.baseFeePerGas * 6n) / 5n + 5n)
  })

  test('behaviour: while the plan stays, so does the frontier', async () => {
    const queries = startQueries()
    const query = frontierQuery(subject)
    const first = await queries.fetchQuery(query)
    expect(await queries.fetchQuery({ ...query, staleTime: 0 })).toBe(first)
    expect(world.frontiers).toHaveLength(1)
  })

  test('behaviour: a plan of another block brings another frontier', async () => {
    const queries = startQueries()
    const query = frontierQuery(subject)
    const [first] = await queries.fetchQuery(query)
    const outcome = planRebalance(request)
    if (outcome.status !== 'planned') throw new Error(outcome.status)
    const block = { ...snapshot.block, hash: '0x01' } as const
    queries.setQueryData(planKey(subject), stateOf({ status: 'planned', plan: { ...outcome.plan, block } }))
    const [second] = (await queries.fetchQuery({ ...query, staleTime: 0 })) as readonly FrontierPlan[]
    expect(second).not.toBe(first)
    expect(world.frontiers).toHaveLength(2)
  })

  test('behaviour: without a plan it is empty, and nothing is asked', async () => {
    const queries = startQueries({ status: 'nothingToDo', driftBps: 0, skipped: [] })
    expect(await queries.fetchQuery(frontierQuery(subject))).toEqual([])
    expect(world.frontiers).toEqual([])
  })
})

describe('exportPlanFile', () => {
  test('default: the plan that is shown, with the legs that were chosen and the routers of the chain', async () => {
    const chosen = { ...subject, maxLegs: 2 }
    const queries = startQueries(planRebalance({ ...request, maxLegs: 2 }), chosen)
    expect(await exportPlanFile(queries, chosen)).toEqual({ format: 'ballast-plan' })
    const { swapRouter02, universalRouter } = localDeployment.contracts
    expect(world.exported).toMatchObject([
      [
        { snapshot, maxLegs: 2 },
        { swapRouter02, universalRouter },
      ],
    ])
  })

  test('error: NothingToExportError', async () => {
    world.hasFile = false
    await expect(exportPlanFile(startQueries(), subject)).rejects.toBeInstanceOf(NothingToExportError)
  })
})
