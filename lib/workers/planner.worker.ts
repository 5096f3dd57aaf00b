import { exportPlan } from '@/lib/core/rebalance/exportPlan'
import { walkFrontier } from '@/lib/core/rebalance/planFrontier'
import { planRebalance } from '@/lib/core/rebalance/planRebalance'
import type { PlannerRequest, PlannerResponse } from './plannerMessages'
import { createPlannerQueue } from './plannerQueue'

const respond = (response: PlannerResponse) => self.postMessage(response)

const queue = createPlannerQueue({
  plan: planRebalance,
  walkFrontier,
  exportPlan,
  respond,
  schedule: (task) => setTimeout(task, 0),
  clock: () => performance.now(),
})

self.addEventListener('message', ({ data }: MessageEvent<PlannerRequest>) => queue.receive(data))
