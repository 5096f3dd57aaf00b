import type { RoutingSolution } from '../routing/solution'
import { type FrontierPoint, solveFrontier, solveRouting } from '../routing/solveRouting'
import { assemblePlan } from './assemblePlan'
import { proveDraft } from './certifyPlan'
import type { FrontierPlan } from './plan'
import type { PlanDraft } from './planDraft'
import type { PlanRequest } from './planRequest'
import type { SolveFlow } from './routedTrades'
import { chooseDraft, prepareContext, seekDrafts } from './seekDrafts'
import { toRoutingOptions } from './solveFlow'

/** A draft that stands on the frontier, and what it was found among. */
type Stop = { readonly legs: number; readonly draft: PlanDraft; readonly drafts: readonly PlanDraft[] }

/**
 * Walks the frontier of a request: {@link planFrontier} in steps of about one plan each, so that a caller can rest between them, or end
 * the walk. A step may bring no plan of its own.
 * @throws {InvalidPlanRequestError} and the errors of `toTargets` when the request breaks its own limits.
 */
export function* walkFrontier(request: PlanRequest): Generator<FrontierPlan | undefined, void, undefined> {
  const prepared = prepareContext(request)
  if (prepared.status === 'blocked') return
  const { context } = prepared
  const end = seekDrafts(context, request.maxLegs ?? Number.POSITIVE_INFINITY)
  const solve = createFrontierSolver()
  if (end.status !== 'found') return
  const compose = ({ legs, draft, drafts }: Stop): FrontierPlan => ({
    legs,
    plan: assemblePlan(context, draft, proveDraft(context, draft, drafts)),
  })
  yield undefined
  let best: Stop | undefined
  for (let legs = 1; legs < end.best.legs.length; legs += 1) {
    const sought = seekDrafts(context, legs, solve)
    const drafts = sought.status === 'found' ? sought.drafts : []
    const better = chooseDraft(best === undefined ? drafts : [best.draft, ...drafts])
    const isWorse = better !== undefined && chooseDraft([end.best, better]) === end.best
    if (better === undefined || better === best?.draft || !isWorse) {
      yield undefined
      continue
    }
    // A better plan with no more legs takes the place of the one before.
    const isLonger = best !== undefined && better.legs.length > best.draft.legs.length
    yield isLonger && best !== undefined ? compose(best) : undefined
    best = { legs: better.legs.length, draft: better, drafts }
  }
  if (best !== undefined && best.draft.legs.length < end.best.legs.length) yield compose(best)
  yield compose({ legs: end.best.legs.length, draft: end.best, drafts: end.drafts })
}

/** Solves each problem once, and for all numbers of pool calls together. The answers are those of `solveOnce` with full effort. */
function createFrontierSolver(): SolveFlow {
  const frontiers = new Map<string, readonly FrontierPoint[]>()
  const solutions = new Map<string, RoutingSolution>()
  const options = toRoutingOptions('full')
  return ({ maxPoolCalls, ...problem }) => {
    const key = JSON.stringify([problem.tokens, problem.pools.map(({ id }) => id)])
    if (maxPoolCalls === undefined) {
      const solution = solutions.get(key) ?? solveRouting(problem, options)
      solutions.set(key, solution)
      return solution
    }
    const points = frontiers.get(key) ?? solveFrontier(problem, options)
    frontiers.set(key, points)
    return (
      points[Math.min(maxPoolCalls, points.length - 1)]?.solution ?? solveRouting({ ...problem, maxPoolCalls }, options)
    )
  }
}

/**
 * The frontier: for every number of legs the best plan with at most so many, from the fewest to the one that `planRebalance` makes of the
 * same request. Only plans that differ stand there, each with more legs than the one before: it removes more drift, or as much for less.
 * Empty where there is no plan. Deterministic.
 * @throws {InvalidPlanRequestError} and the errors of `toTargets` when the request breaks its own limits.
 */
export function planFrontier(request: PlanRequest): readonly FrontierPlan[] {
  return [...walkFrontier(request)].filter((step) => step !== undefined)
}
