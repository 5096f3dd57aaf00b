import { describePolicyIssue } from '@/components/policy/policyWords'
import { markRule, type RuleMark } from '@/components/policy/ruleWords'
import type { Asset, AssetId } from '@/lib/core/asset'
import { checkPolicy } from '@/lib/core/policy/checkPolicy'
import type { PlanSettings, Targets } from '@/lib/core/targets'
import { describeObstacle } from './draftWords'
import { type LimitsDraft, type LimitsRefusals, parseLimits } from './limitsDraft'
import { isOpen, type PolicyDraft, placeIssue, type RuleProblems, readPolicy } from './policyDraft'
import { draftWeights, measureDraft, type TargetsDraft } from './targetsDraft'

/** What the editor holds: all of it as typed. */
export type EditorDraft = {
  readonly weights: TargetsDraft
  readonly limits: LimitsDraft
  readonly policy: PolicyDraft
}

/** What is wrong beside the fields of the limits. */
export type EditorProblems = {
  readonly limits: LimitsRefusals
  readonly reserve?: string | undefined
  readonly turnoverCap?: string | undefined
  readonly minimumTrade?: string | undefined
  readonly rules: Readonly<Record<AssetId, RuleProblems>>
}

/** Whether all of it can be saved, and everything that speaks against it. */
export type EditorState = {
  readonly sumBps: number
  readonly problems: EditorProblems
  /** What is laid down for each asset, in short. */
  readonly marks: Readonly<Record<AssetId, readonly RuleMark[]>>
  /** Why it cannot be saved, one sentence each; none where it can. */
  readonly reasons: readonly string[]
  /** What stands in the way first, as a stable name; nothing where it is only unfinished. */
  readonly code: string | undefined
  readonly ready: { readonly targets: Targets; readonly settings: PlanSettings } | undefined
}

const fieldNames: Readonly<Record<keyof LimitsDraft | 'turnoverCap' | 'minimumTrade' | 'cashReserve', string>> = {
  band: 'Band',
  slippage: 'Slippage',
  stableSlippage: 'Slippage between stable assets',
  reserve: 'Reserve for gas',
  turnoverCap: 'Turnover cap',
  minimumTrade: 'Minimum trade',
  cashReserve: 'Cash reserve',
}

const ruleFieldNames: Readonly<Record<keyof RuleProblems, string>> = {
  participation: 'Participation',
  minimum: 'Minimum weight',
  maximum: 'Maximum weight',
  band: 'Own band',
  edge: 'Brought back to',
}

/** `Turnover cap: Enter …` for every field that is refused, in the order of the names. */
function listRefusals<Field extends string>(
  names: Readonly<Record<Field, string>>,
  refusals: { readonly [Key in Field]?: string | undefined },
  suffix = '',
): readonly string[] {
  const listed: string[] = []
  for (const field in names) {
    const refusal = refusals[field]
    if (refusal !== undefined) listed.push(`${names[field]}${suffix}: ${refusal}`)
  }
  return listed
}

/** Measures what was typed: what of it can be saved, and beside each field what is wrong with it. */
export function measureEditor(
  draft: EditorDraft,
  { assets, settings }: { readonly assets: readonly Asset[]; readonly settings: PlanSettings },
): EditorState {
  const weights = measureDraft(draft.weights)
  const limits = parseLimits(draft.limits)
  const { policy, refusals, isWhole } = readPolicy(draft.policy, assets)
  const { policy: _, ...kept } = settings
  const read: PlanSettings = {
    ...kept,
    ...(limits.status === 'parsed' ? limits.settings : {}),
    ...(isOpen(policy) ? {} : { policy }),
  }
  const issues = checkPolicy({ targets: { weights: draftWeights(draft.weights) }, settings: read, assets })
  const rules: Record<AssetId, RuleProblems> = { ...refusals.rules }
  let reserve = refusals.reserve
  for (const issue of issues) {
    const place = placeIssue(issue)
    if (place.at === 'rule') {
      rules[place.assetId] = { [place.field]: describePolicyIssue(issue), ...rules[place.assetId] }
    } else if (place.at === 'reserve') reserve ??= describePolicyIssue(issue)
  }
  const limitsRefusals = limits.status === 'refused' ? limits.refusals : {}
  const weightsReason = describeObstacle(weights)
  const { turnoverCap, minimumTrade } = refusals
  const reasons = [
    ...(weightsReason === undefined ? [] : [weightsReason]),
    ...listRefusals(fieldNames, { ...limitsRefusals, cashReserve: refusals.reserve, turnoverCap, minimumTrade }),
    ...Object.entries(refusals.rules).flatMap(([assetId, refused]) =>
      listRefusals(ruleFieldNames, refused, ` of ${assetId}`),
    ),
    ...issues.map(describePolicyIssue),
  ]
  const isUnfinished = weights.status === 'short' || weights.status === 'empty'
  const areLimitsWrong = limits.status === 'refused' || !isWhole || issues.length > 0
  const limitsCode = areLimitsWrong ? 'targets-limits' : undefined
  return {
    sumBps: weights.sumBps,
    problems: { limits: limitsRefusals, ...refusals, reserve, rules },
    marks: Object.fromEntries(policy.rules.map((rule) => [rule.assetId, markRule(rule)])),
    reasons,
    code: weights.status === 'ready' || isUnfinished ? limitsCode : `targets-${weights.status}`,
    ready:
      reasons.length === 0 && weights.status === 'ready' ? { targets: weights.targets, settings: read } : undefined,
  }
}
