import Link from 'next/link'
import { describeAim } from '@/components/policy/ruleWords'
import type { Asset } from '@/lib/core/asset'
import { openPolicy, type PlanMode } from '@/lib/core/policy/policy'
import type { PlanOutcome } from '@/lib/core/rebalance/plan'
import type { PlanSettings } from '@/lib/core/targets'
import { describeMode, describeModeKind } from './modeWords'

type AimLineProps = {
  readonly mode: PlanMode
  readonly settings: Pick<PlanSettings, 'policy'>
  /** The plan of this mode, once there is one. */
  readonly outcome: PlanOutcome | undefined
  readonly assets: readonly Asset[]
}

/** What the plan does, in one line, and where the limits of a rebalance are changed. */
export function AimLine({ mode, settings, outcome, assets }: AimLineProps) {
  if (mode.kind !== 'rebalance') {
    const done = outcome?.status === 'planned' ? describeMode(mode, outcome.plan, assets) : undefined
    return <p className="mb-5 text-ink-soft text-sm">{done ?? describeModeKind(mode.kind)}</p>
  }
  return (
    <p className="mb-5 text-ink-soft text-sm">
      {describeAim(settings.policy ?? openPolicy)}{' '}
      <Link href="/" className="font-medium text-accent underline underline-offset-2">
        Change limits
      </Link>
    </p>
  )
}
