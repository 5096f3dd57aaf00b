import * as v from 'valibot'
import type { AssetRule, PlanPolicy } from '@/lib/core/policy/policy'
import { bpsWhole, toBps, toUsd } from '@/lib/core/units'

const assetId = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const bps = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(bpsWhole), v.transform(toBps))
const positiveAmount = v.pipe(v.bigint(), v.minValue(0n))

const ruleSchema: v.GenericSchema<unknown, AssetRule> = v.object({
  assetId,
  participation: v.picklist(['free', 'buyOnly', 'sellOnly', 'locked', 'excluded']),
  minimumBps: v.exactOptional(bps),
  maximumBps: v.exactOptional(bps),
  bandBps: v.exactOptional(bps),
  edgeBps: v.exactOptional(bps),
})

/** What was laid down for an asset and cannot be read any more: until somebody says it anew, the asset is not traded. */
const unreadRuleSchema: v.GenericSchema<unknown, AssetRule> = v.pipe(
  v.object({ assetId }),
  v.transform((rule): AssetRule => ({ assetId: rule.assetId, participation: 'locked' })),
)

function readRules(entries: readonly unknown[]): readonly AssetRule[] {
  const rules = new Map<string, AssetRule>()
  for (const entry of entries) {
    const parsed = v.safeParse(v.union([ruleSchema, unreadRuleSchema]), entry)
    if (parsed.success && !rules.has(parsed.output.assetId)) rules.set(parsed.output.assetId, parsed.output)
  }
  return [...rules.values()]
}

const parts = v.object({
  scope: v.fallback(v.picklist(['everything', 'outOfBand']), 'everything'),
  destination: v.fallback(v.picklist(['target', 'halfway', 'edge']), 'target'),
  rules: v.pipe(
    v.fallback(v.array(v.unknown()), []),
    v.transform((entries: unknown[]) => readRules(entries)),
  ),
  cashReserve: v.fallback(v.optional(v.object({ assetId, amount: positiveAmount })), undefined),
  turnoverCapBps: v.fallback(v.optional(bps), undefined),
  minimumTradeUsd: v.fallback(v.optional(v.pipe(positiveAmount, v.transform(toUsd))), undefined),
})

/**
 * A policy as it was saved. One part that cannot be read takes no other with it, and a rule that cannot be read keeps its asset from
 * being traded.
 */
export const policySchema: v.GenericSchema<unknown, PlanPolicy> = v.pipe(
  v.fallback(parts, {
    scope: 'everything',
    destination: 'target',
    rules: [],
    cashReserve: undefined,
    turnoverCapBps: undefined,
    minimumTradeUsd: undefined,
  }),
  v.transform(
    ({ cashReserve, turnoverCapBps, minimumTradeUsd, ...policy }): PlanPolicy => ({
      ...policy,
      ...(cashReserve === undefined ? {} : { cashReserve }),
      ...(turnoverCapBps === undefined ? {} : { turnoverCapBps }),
      ...(minimumTradeUsd === undefined ? {} : { minimumTradeUsd }),
    }),
  ),
)
