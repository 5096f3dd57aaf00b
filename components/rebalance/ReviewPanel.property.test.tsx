import fc from 'fast-check'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { composeBundle } from '@/lib/chain/bundle/composeBundle'
import { decodeBundle } from '@/lib/chain/bundle/decodeBundle'
import { localDeployment as deployment } from '@/lib/chain/deployments/local'
import type { Review } from '@/lib/query/readReview'
import { type PlanCase, planArbitrary } from '@/lib/testing/arbitraries/plans'
import { routerPlanArbitrary } from '@/lib/testing/arbitraries/routerPlans'
import { dearRuns, patienceMs } from '@/lib/testing/runs'
import { ReviewPanel } from './ReviewPanel'

const plans = fc.oneof(planArbitrary, routerPlanArbitrary)

function draw({ plan, snapshot }: PlanCase, of: Pick<PlanCase, 'plan'>): string {
  const bundle = composeBundle({ plan, snapshot, deployment })
  const review: Review = {
    plan: of.plan,
    snapshot,
    rung: 'atomicBatch',
    bundle,
    decoded: decodeBundle(bundle, deployment),
    simulatedAt: plan.block,
    simulation: { status: 'unavailable', reason: 'not asked' },
    delegation: { kind: 'none' },
    violations: [],
    refusals: [],
  }
  return renderToStaticMarkup(<ReviewPanel review={review} deployment={deployment} block={undefined} action={null} />)
}

test(
  'property: A-11 beside the same bytes any other plan draws the same review',
  () => {
    fc.assert(
      fc.property(plans, plans, (given, other) => {
        expect(draw(given, other)).toBe(draw(given, given))
      }),
      { numRuns: dearRuns(25) },
    )
  },
  patienceMs(60_000),
)

test(
  'property: A-11 other bytes draw another review',
  () => {
    fc.assert(
      fc.property(plans, plans, (given, other) => {
        fc.pre(JSON.stringify(toNumbers(given)) !== JSON.stringify(toNumbers(other)))
        expect(draw(other, other)).not.toBe(draw(given, given))
      }),
      { numRuns: dearRuns(15) },
    )
  },
  patienceMs(60_000),
)

const toNumbers = ({ plan }: PlanCase) => plan.legs.map(({ minimumOut, hops }) => [`${minimumOut}`, hops[0].tokenIn])
