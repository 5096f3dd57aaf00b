import { type RoutingOptions, solveRouting } from '../routing/solveRouting'
import type { FlowEffort, SolveFlow } from './routedTrades'

/**
 * Elementary steps of the solver's search under gas, about 1e8 a second. Twelve assets and forty pools at 20 gwei: with 100 times as many
 * the median gap falls by 0.002 bps, with half as many it rises by 0.03 bps.
 */
const workLimits: Readonly<Record<FlowEffort, number>> = { bound: 0, rough: 2e4, full: 2e5 }

/** How flows are solved for. */
export function toRoutingOptions(effort: FlowEffort): RoutingOptions {
  return { acyclic: true, workLimit: workLimits[effort] }
}

/** Solves a flow on its own. */
export const solveOnce: SolveFlow = (problem, effort) => solveRouting(problem, toRoutingOptions(effort))
