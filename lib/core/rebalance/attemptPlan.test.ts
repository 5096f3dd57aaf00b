import { describe, expect, test } from 'vitest'
import { buildMarket, buildPlanRequest, type Holdings } from '@/lib/testing/builders/market'
import type { RoutingSolution, RoutingTrade } from '../routing/solution'
import type { Snapshot } from '../snapshot'
import { attemptPlan, type Restraints } from './attemptPlan'
import type { RouterName } from './plan'
import type { PlanContext } from './planContext'
import type { Passage } from './planDraft'
import type { PlanRequest } from './planRequest'
import { planThrough } from './planThrough'
import type { SolveFlow } from './routedTrades'
import { prepareContext } from './seekDrafts'
import { solveOnce } from './solveFlow'

const routers: readonly RouterName[] = ['swapRouter02', 'universalRouter']
const holdings: Holdings = { ETH: 60_000n, USDC: 40_000n }
const weights = { ETH: 5000, USDC: 5000 }

function contextOf(change: Partial<PlanRequest> = {}, edit = (snapshot: Snapshot): Snapshot => snapshot): PlanContext {
  const snapshot = edit(buildMarket({ holdings }))
  const prepared = prepareContext(buildPlanRequest({ snapshot, weights, ...change }))
  if (prepared.status !== 'ready') throw new Error(prepared.obstacle.kind)
  return prepared.context
}

/** The pool of ether and USDC with the least fee. */
function poolIn({ poolOf }: PlanContext): string {
  const found = [...poolOf.values()].find(({ feePips, assetIds }) => feePips === 500 && assetIds.includes('USDC'))
  if (found === undefined) throw new Error('the market has such a pool')
  return found.id
}

const selling = (context: PlanContext, change: Partial<RoutingTrade> = {}): RoutingTrade => ({
  ...{ pool: poolIn(context), sell: 'ETH', amountIn: 10_000 / 3_000, buy: 'USDC', amountOut: 10_000 },
  ...change,
})

/** A solver that always answers with these trades. */
const answering =
  (trades: readonly RoutingTrade[], change: object = {}): SolveFlow =>
  ({ tokens }): RoutingSolution => ({
    ...{ status: 'solved', value: 1e5, valueBefore: 1e5, gasCost: 0, trades, after: [], bound: 1e5, gapBps: 0 },
    shadowPrices: Object.fromEntries(tokens.map(({ id, price }) => [id, price])),
    ...change,
  })

const unrestrained: Restraints = {
  ...{ reserve: 10n ** 16n, extraUsd: 0n, limits: new Map(), amounts: 'wanted', obstacle: undefined, effort: 'full' },
}
const attempt = (context: PlanContext, router: RouterName, change: Partial<Passage>) =>
  attemptPlan(context, { router, maxLegs: Number.POSITIVE_INFINITY, solve: solveOnce, ...change }, unrestrained)

describe.each(routers)('attemptPlan through %s', (router) => {
  test('default: the trades that the solver finds, replayed and priced', () => {
    const context = contextOf()
    const found = attempt(context, router, { solve: answering([selling(context)]) })
    if (found.status !== 'found') throw new Error(found.status)
    expect(found.draft.legs.map(({ sell, buy }) => [sell, buy])).toEqual([['ETH', 'USDC']])
    expect(found.draft.legs[0].hops.map(({ pool }) => pool.id)).toEqual([poolIn(context)])
  })

  test('behaviour: without any trade there is nothing to do', () => {
    expect(attempt(contextOf(), router, { solve: answering([]) })).toMatchObject({ status: 'nothingToDo' })
  })

  test('behaviour: trades that lead away from the targets are not made', () => {
    const context = contextOf()
    const wrong = selling(context, { sell: 'USDC', amountIn: 5_000, buy: 'ETH', amountOut: 5_000 / 3_000 })
    expect(attempt(context, router, { solve: answering([wrong]) })).toMatchObject({ status: 'nothingToDo' })
  })

  test('behaviour: more legs than allowed', () => {
    const context = contextOf()
    const passage = { maxLegs: 0, solve: answering([selling(context)]) }
    expect(attempt(context, router, passage)).toEqual({ status: 'tooManyLegs', skipped: [] })
  })

  test('error: noRoute, with both assets, where the pool cannot take the amount', () => {
    const context = contextOf()
    const narrow = context.pools[router].map((one) =>
      one.pool.kind === 'concentrated'
        ? { ...one, pool: { ...one.pool, ticks: [], knownTicks: { lower: one.pool.tick, upper: one.pool.tick + 1 } } }
        : one,
    )
    const cramped = { ...context, pools: { ...context.pools, [router]: narrow } }
    expect(attempt(cramped, router, { solve: answering([selling(context)]) })).toMatchObject({
      ...{ status: 'blocked', obstacle: { kind: 'noRoute', assetIds: ['ETH', 'USDC'] } },
    })
  })
})

describe('attemptPlan', () => {
  const withTokens =
    (change: object) =>
    (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      assets: snapshot.assets.map((reading) => ({
        ...reading,
        tokens: reading.tokens.map((token) => ({ ...token, ...change })),
      })),
    })
  const buying = (context: PlanContext) =>
    selling(context, { sell: 'USDC', amountIn: 10_000, buy: 'ETH', amountOut: 10_000 / 3_000 })
  const reversed = { ETH: 7000, USDC: 3000 }

  test('behaviour: the Universal Router is no choice where it is not known what it may take', () => {
    const unknown = withTokens({ permit2Allowance: { status: 'unreadable', reason: 'no answer' } })
    const targets = buildPlanRequest({ snapshot: buildMarket({ holdings }), weights: reversed }).targets
    const context = contextOf({ targets }, unknown)
    const solve = answering([buying(context)])
    expect(attempt(context, 'universalRouter', { solve })).toEqual({ status: 'unavailable', skipped: [] })
    expect(attempt(context, 'swapRouter02', { solve })).toMatchObject({ status: 'found' })
  })

  test('behaviour: dust of the solver is no leg', () => {
    const context = contextOf()
    const dust = selling(context, { amountIn: 1e-12, amountOut: 3e-9 })
    const solve = answering([selling(context), { ...dust, pool: 'another' }])
    const found = attempt(context, 'universalRouter', { solve })
    expect(found.status === 'found' && found.draft.legs).toHaveLength(1)
  })

  test('behaviour: what leads to an asset that nobody wants, and no further, is left out', () => {
    const context = contextOf()
    const deadEnd = selling(context, { pool: 'another', buy: 'DAI', amountIn: 1, amountOut: 3_000 })
    const found = attempt(context, 'universalRouter', { solve: answering([selling(context), deadEnd]) })
    expect(found.status === 'found' && found.draft.legs.map(({ buy }) => buy)).toEqual(['USDC'])
  })

  test('behaviour: paths that cannot leave more than the plan that is there are not worked out', () => {
    const context = contextOf()
    const rival = attempt(context, 'universalRouter', { solve: answering([selling(context)]) })
    if (rival.status !== 'found') throw new Error(rival.status)
    const asked: string[] = []
    const solveFor =
      (bound: number | null): SolveFlow =>
      (problem, effort) => {
        asked.push(effort)
        const isSolved = bound !== null
        return answering([selling(context)], isSolved ? { bound } : { status: 'unreachable', code: 'noRoute' })(
          problem,
          effort,
        )
      }
    const against = (bound: number | null) =>
      attempt(context, 'swapRouter02', { solve: solveFor(bound), rival: rival.draft }).status
    expect(against(1_000)).toBe('outbid')
    expect(asked).toEqual(['bound'])
    expect(against(1e9)).toBe('found')
    expect(against(null)).toBe('found')
    // A rival that is not on target, or trades something else, is none.
    const other = { ...rival.draft, isOnTarget: false }
    asked.length = 0
    expect(attempt(context, 'swapRouter02', { solve: solveFor(1_000), rival: other }).status).toBe('found')
    expect(asked).toEqual(['full'])
  })

  test('behaviour: a sale that turns out beyond its allowance is over a budget of one call, and then it waits', () => {
    const targets = buildPlanRequest({ snapshot: buildMarket({ holdings }), weights: reversed }).targets
    // $10,000 are to be sold, $10,300 may be taken, and the solver sells $10,500.
    const allowed = { status: 'known', amount: 10_300n * 10n ** 6n } as const
    const allowing = withTokens({
      permit2Allowance: allowed,
      universalRouterGrant: { ...allowed, expiration: 2_000_000_000 },
    })
    const context = contextOf({ targets, callLimit: 1 }, allowing)
    const more = selling(context, { sell: 'USDC', amountIn: 10_500, buy: 'ETH', amountOut: 3.5 })
    const passage = { router: 'universalRouter', maxLegs: 9, solve: answering([more]) } as const
    expect(attemptPlan(context, passage, unrestrained)).toEqual({ status: 'overBudget', skipped: [] })
    expect(planThrough(context, passage)).toMatchObject({ status: 'nothingToDo' })
  })
})
