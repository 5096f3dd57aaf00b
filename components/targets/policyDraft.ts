import type { Asset, AssetId } from '@/lib/core/asset'
import { formatTokenAmountFull } from '@/lib/core/numbers/format'
import { parseAmount } from '@/lib/core/numbers/parse'
import type { PolicyIssue } from '@/lib/core/policy/checkPolicy'
import { type AssetRule, openPolicy, type Participation, type PlanPolicy } from '@/lib/core/policy/policy'
import { parseWeightPercent, weightPercentText } from '@/lib/core/targetsText'
import { assertNever, type Bps, toUsd } from '@/lib/core/units'

/** What may be typed for one asset. */
export type RuleField = 'minimum' | 'maximum' | 'band' | 'edge'

/** The limits of one asset while they are edited, as typed; an empty field is no limit. */
export type RuleDraft = { readonly participation: Participation } & { readonly [Field in RuleField]: string }

/** A policy while it is edited, as typed; an empty field is no limit. */
export type PolicyDraft = {
  readonly scope: PlanPolicy['scope']
  readonly destination: PlanPolicy['destination']
  readonly reserveAssetId: AssetId
  readonly reserve: string
  readonly turnoverCap: string
  readonly minimumTrade: string
  readonly rules: Readonly<Record<AssetId, RuleDraft>>
}

/** Why a field is not taken, for each field that is not. */
export type PolicyRefusals = {
  readonly reserve?: string
  readonly turnoverCap?: string
  readonly minimumTrade?: string
  readonly rules: Readonly<Record<AssetId, RuleProblems>>
}

/** What is wrong beside the fields of one asset. */
export type RuleProblems = { readonly [Field in RuleField | 'participation']?: string }

/** What of a draft can be read, and why the rest cannot. */
export type ReadPolicy = { readonly policy: PlanPolicy; readonly refusals: PolicyRefusals; readonly isWhole: boolean }

/** The limits of an asset that has none. */
export const freeRule: RuleDraft = { participation: 'free', minimum: '', maximum: '', band: '', edge: '' }

const usdDecimals = 18
const shareText = (bps: Bps | undefined) => (bps === undefined ? '' : weightPercentText(bps))

/** Starts a draft from a policy; without one nothing is limited. */
export function toPolicyDraft(policy: PlanPolicy = openPolicy, assets: readonly Asset[]): PolicyDraft {
  const { scope, destination, rules, cashReserve, turnoverCapBps, minimumTradeUsd } = policy
  const reserveAssetId = cashReserve?.assetId ?? assets.find(({ isStable }) => isStable)?.id ?? ''
  const decimals = decimalsOf(assets, reserveAssetId)
  return {
    scope,
    destination,
    reserveAssetId,
    reserve: cashReserve === undefined ? '' : formatTokenAmountFull(cashReserve.amount, decimals),
    turnoverCap: shareText(turnoverCapBps),
    minimumTrade: minimumTradeUsd === undefined ? '' : formatTokenAmountFull(minimumTradeUsd, usdDecimals),
    rules: Object.fromEntries(
      rules.map(({ assetId, participation, minimumBps, maximumBps, bandBps, edgeBps }) => [
        assetId,
        {
          participation,
          minimum: shareText(minimumBps),
          maximum: shareText(maximumBps),
          band: shareText(bandBps),
          edge: shareText(edgeBps),
        },
      ]),
    ),
  }
}

function decimalsOf(assets: readonly Asset[], assetId: AssetId): number {
  return assets.find(({ id }) => id === assetId)?.decimals ?? usdDecimals
}

/** The limits of one asset. */
export function ruleDraftOf({ rules }: Pick<PolicyDraft, 'rules'>, assetId: AssetId): RuleDraft {
  return rules[assetId] ?? freeRule
}

/** Puts other limits for one asset into a draft. */
export function changeRule(draft: PolicyDraft, assetId: AssetId, rule: RuleDraft): PolicyDraft {
  return { ...draft, rules: { ...draft.rules, [assetId]: rule } }
}

/** Takes away all limits of one asset. */
export function freeAsset(draft: PolicyDraft, assetId: AssetId): PolicyDraft {
  const { [assetId]: _, ...rules } = draft.rules
  return { ...draft, rules }
}

/** Whether a rule says nothing. */
export function isFree({ participation, minimum, maximum, band, edge }: RuleDraft): boolean {
  return participation === 'free' && [minimum, maximum, band, edge].every((text) => text.trim() === '')
}

type Parsed<Value> = { readonly value?: Value; readonly refusal?: string }

function parseShare(text: string): Parsed<Bps> {
  if (text.trim() === '') return {}
  const parsed = parseWeightPercent(text.trim())
  return parsed.status === 'parsed' ? { value: parsed.weightBps } : { refusal: parsed.message }
}

function parseOptionalAmount(text: string, decimals: number): Parsed<bigint> {
  if (text.trim() === '') return {}
  const parsed = parseAmount(text.trim(), decimals)
  return parsed.status === 'parsed' ? { value: parsed.amount } : { refusal: parsed.message }
}

function parseCap(text: string): Parsed<Bps> {
  const parsed = parseShare(text)
  return parsed.value === 0 ? { refusal: 'Enter more than 0, or nothing for no cap.' } : parsed
}

function parseRule(
  assetId: AssetId,
  { participation, ...texts }: RuleDraft,
): { readonly rule: AssetRule; readonly problems: RuleProblems } {
  if (participation === 'excluded') return { rule: { assetId, participation }, problems: {} }
  const minimum = parseShare(texts.minimum)
  const maximum = parseShare(texts.maximum)
  const band = parseShare(texts.band)
  const edge = parseShare(texts.edge)
  return {
    rule: {
      assetId,
      participation,
      ...(minimum.value === undefined ? {} : { minimumBps: minimum.value }),
      ...(maximum.value === undefined ? {} : { maximumBps: maximum.value }),
      ...(band.value === undefined ? {} : { bandBps: band.value }),
      ...(edge.value === undefined ? {} : { edgeBps: edge.value }),
    },
    problems: {
      ...(minimum.refusal === undefined ? {} : { minimum: minimum.refusal }),
      ...(maximum.refusal === undefined ? {} : { maximum: maximum.refusal }),
      ...(band.refusal === undefined ? {} : { band: band.refusal }),
      ...(edge.refusal === undefined ? {} : { edge: edge.refusal }),
    },
  }
}

/** Reads what was typed for a policy: what can be read of it, and for each other field why not. */
export function readPolicy(draft: PolicyDraft, assets: readonly Asset[]): ReadPolicy {
  const { scope, destination, reserveAssetId } = draft
  const reserve = parseOptionalAmount(draft.reserve, decimalsOf(assets, reserveAssetId))
  const cap = parseCap(draft.turnoverCap)
  const minimumTrade = parseOptionalAmount(draft.minimumTrade, usdDecimals)
  const rules = Object.entries(draft.rules)
    .filter(([, rule]) => !isFree(rule))
    .map(([assetId, rule]) => parseRule(assetId, rule))
  const wrong = rules.filter(({ problems }) => Object.keys(problems).length > 0)
  const refusals: PolicyRefusals = {
    ...(reserve.refusal === undefined ? {} : { reserve: reserve.refusal }),
    ...(cap.refusal === undefined ? {} : { turnoverCap: cap.refusal }),
    ...(minimumTrade.refusal === undefined ? {} : { minimumTrade: minimumTrade.refusal }),
    rules: Object.fromEntries(wrong.map(({ rule, problems }) => [rule.assetId, problems])),
  }
  return {
    policy: {
      scope,
      destination,
      rules: rules.map(({ rule }) => rule),
      ...(reserve.value === undefined || reserve.value === 0n
        ? {}
        : { cashReserve: { assetId: reserveAssetId, amount: reserve.value } }),
      ...(cap.value === undefined ? {} : { turnoverCapBps: cap.value }),
      ...(minimumTrade.value === undefined || minimumTrade.value === 0n
        ? {}
        : { minimumTradeUsd: toUsd(minimumTrade.value) }),
    },
    refusals,
    isWhole: wrong.length === 0 && Object.keys(refusals).length === 1,
  }
}

/** Whether a policy limits nothing: then settings need none. */
export function isOpen(policy: PlanPolicy): boolean {
  const { scope, destination, rules, ...rest } = policy
  return scope === 'everything' && destination === 'target' && rules.length === 0 && Object.keys(rest).length === 0
}

/** Beside which field a contradiction is told: of an asset, of the reserve, or of none in particular. */
export type IssuePlace =
  | { readonly at: 'rule'; readonly assetId: AssetId; readonly field: keyof RuleProblems }
  | { readonly at: 'reserve' }
  | { readonly at: 'all' }

/** Finds the field that a contradiction concerns. */
export function placeIssue(issue: PolicyIssue): IssuePlace {
  switch (issue.kind) {
    case 'targetAboveMaximum':
    case 'minimumAboveMaximum':
      return { at: 'rule', assetId: issue.assetId, field: 'maximum' }
    case 'targetBelowMinimum':
      return { at: 'rule', assetId: issue.assetId, field: 'minimum' }
    case 'edgeAboveBand':
      return { at: 'rule', assetId: issue.assetId, field: 'edge' }
    case 'targetExcluded':
    case 'ruledTwice':
      return { at: 'rule', assetId: issue.assetId, field: 'participation' }
    case 'reserveNotStable':
    case 'reserveNegative':
      return { at: 'reserve' }
    case 'minimumsAboveWhole':
    case 'cashNotTraded':
    case 'amountNotPositive':
      return { at: 'all' }
    default:
      return assertNever(issue)
  }
}
