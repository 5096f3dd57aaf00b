import type { QueryClient } from '@tanstack/react-query'
import type { PlanFile } from '@/lib/core/certificate/planFile'
import { plannerClient } from '@/lib/workers/plannerClient'
import { composePlanRequest, type PlanSubject, planQuery } from './planQuery'

/** There is no plan to be exported: nothing has to be done, or something is in the way. */
export class NothingToExportError extends Error {
  override readonly name = 'NothingToExportError'
  constructor() {
    super('There is no plan to export. Plan again, then export it.')
  }
}

/**
 * The plan of a subject, as it is shown, in a file that `cli verify` checks again: its problem, the proof and the exact legs.
 * @throws {NothingToExportError} when there is no plan.
 * @throws {PlannerFailedError} when the planner stops.
 */
export async function exportPlanFile(queries: QueryClient, subject: PlanSubject): Promise<PlanFile> {
  // Whatever its age: what is exported is what is seen.
  const state = await queries.fetchQuery({ ...planQuery(subject), staleTime: Number.POSITIVE_INFINITY })
  const { swapRouter02, universalRouter } = subject.deployment.contracts
  const file = await plannerClient().exportPlan(composePlanRequest(subject, state), { swapRouter02, universalRouter })
  if (file === undefined) throw new NothingToExportError()
  return file
}
