import { riskAversions } from '@/lib/core/risk/bands'
import { parseWeightPercent, weightPercentText } from '@/lib/core/targetsText'
import { bpsWhole, toBps } from '@/lib/core/units'
import type { LabSubject, LabTarget } from './labSubject'
import { usualFeeBps } from './labSubject'

/** A choice of gamma: one of the three, or the person's own. */
export type Aversion = keyof typeof riskAversions | 'own'

/** What is studied, as typed. */
export type LabDraft = {
  readonly portfolio: string
  readonly totalUsd: string
  readonly aversion: Aversion
  readonly ownAversion: string
  readonly feeBps: string
  readonly gasUsd: string
}

/** What is studied. */
export type LabInput = {
  /** They sum to 10 000. */
  readonly targets: readonly LabTarget[]
  readonly totalUsd: number
  readonly riskAversion: number
  readonly feeBps: number
  readonly gasUsd: number
}

type DraftField = 'portfolio' | 'totalUsd' | 'ownAversion' | 'feeBps' | 'gasUsd'

export type ParsedDraft = {
  /** Missing where a field is refused. */
  readonly input?: LabInput
  readonly refusals: { readonly [Field in DraftField]?: string }
}

/** A number that was typed, or why it is not taken. */
export type ParsedFigure = { readonly value: number } | { readonly refusal: string }

type FigureLimits = { readonly min: number; readonly max: number; readonly isWhole?: boolean }

/** Takes plain digits with at most one point for a number within limits. */
export function parseFigure(text: string, { min, max, isWhole = false }: FigureLimits): ParsedFigure {
  const trimmed = text.trim().replaceAll(',', '')
  if (trimmed === '') return { refusal: 'Enter a number.' }
  if (!(isWhole ? /^[0-9]+$/ : /^[0-9]+(?:\.[0-9]+)?$/).test(trimmed))
    return { refusal: isWhole ? 'Enter a whole number, in digits.' : 'Enter a number in digits, such as 12.5.' }
  const value = Number(trimmed)
  if (value < min) return { refusal: `Enter at least ${min.toLocaleString('en-US')}.` }
  if (value > max) return { refusal: `Enter at most ${max.toLocaleString('en-US')}.` }
  return { value }
}

/** Targets as text that can be edited: `ETH 40, USDC 60`. */
export function writeTargets(targets: readonly LabTarget[]): string {
  return targets.map(({ id, weightBps }) => `${id} ${weightPercentText(toBps(weightBps))}`).join(', ')
}

const mostAssets = 30

/** Takes `ETH 40, USDC 60` for targets of known assets that sum to 100 %. */
export function parseTargets(
  text: string,
  knownIds: readonly string[],
): { readonly targets: readonly LabTarget[] } | { readonly refusal: string } {
  const parts = text.split(/[,;\n]+/).map((part) => part.trim())
  const named = parts.filter((part) => part !== '')
  if (named.length < 2) return { refusal: 'Name at least two assets with their weights, such as ETH 60, USDC 40.' }
  if (named.length > mostAssets) return { refusal: `Name at most ${mostAssets} assets.` }
  const targets: LabTarget[] = []
  for (const part of named) {
    const [, name = '', weight = ''] = /^(\S+)\s+([0-9.]+)\s*%?$/.exec(part) ?? []
    if (name === '')
      return { refusal: `“${part.slice(0, 40)}” is not an asset with its weight in percent, such as ETH 40.` }
    const id = knownIds.find((known) => known.toLowerCase() === name.toLowerCase())
    if (id === undefined)
      return { refusal: `${name.slice(0, 20)} is not known here. Known are ${knownIds.join(', ')}.` }
    if (targets.some((target) => target.id === id)) return { refusal: `${id} stands twice. Keep one.` }
    const parsed = parseWeightPercent(weight)
    if (parsed.status === 'refused') return { refusal: `${id}: ${parsed.message}` }
    if (parsed.weightBps > 0) targets.push({ id, weightBps: parsed.weightBps })
  }
  const sumBps = targets.reduce((sum, { weightBps }) => sum + weightBps, 0)
  if (sumBps === bpsWhole) return { targets }
  const missing = Math.abs(bpsWhole - sumBps) / 100
  return { refusal: `The weights sum to ${sumBps / 100} %. ${sumBps < bpsWhole ? 'Add' : 'Take off'} ${missing} %.` }
}

const plain = (value: number, digits: number) => String(Number(value.toFixed(digits)))

/** Starts a draft from a portfolio. */
export function toLabDraft({ targets, totalUsd, known }: LabSubject): LabDraft {
  return {
    portfolio: writeTargets(targets),
    totalUsd: plain(Math.max(1, totalUsd), 0),
    aversion: 'normal',
    ownAversion: String(riskAversions.normal),
    feeBps: plain(known?.feeBps ?? usualFeeBps, 1),
    gasUsd: plain(known?.gasUsd ?? exampleGasUsd, 2),
  }
}

/** Dollars for the gas of a rebalance, while no chain is asked. */
export const exampleGasUsd = 2

/** Takes what was typed for what is studied, or says for each field why not. */
export function parseDraft(draft: LabDraft, knownIds: readonly string[]): ParsedDraft {
  const portfolio = parseTargets(draft.portfolio, knownIds)
  const totalUsd = parseFigure(draft.totalUsd, { min: 1, max: 1e12 })
  const aversion: ParsedFigure =
    draft.aversion === 'own'
      ? parseFigure(draft.ownAversion, { min: 0.01, max: 100 })
      : { value: riskAversions[draft.aversion] }
  const feeBps = parseFigure(draft.feeBps, { min: 0, max: 1000 })
  const gasUsd = parseFigure(draft.gasUsd, { min: 0, max: 1e6 })
  if ('targets' in portfolio && 'value' in totalUsd && 'value' in aversion && 'value' in feeBps && 'value' in gasUsd) {
    const input = {
      targets: portfolio.targets,
      totalUsd: totalUsd.value,
      riskAversion: aversion.value,
      feeBps: feeBps.value,
      gasUsd: gasUsd.value,
    }
    return { input, refusals: {} }
  }
  return {
    refusals: {
      ...('refusal' in portfolio && { portfolio: portfolio.refusal }),
      ...('refusal' in totalUsd && { totalUsd: totalUsd.refusal }),
      ...('refusal' in aversion && { ownAversion: aversion.refusal }),
      ...('refusal' in feeBps && { feeBps: feeBps.refusal }),
      ...('refusal' in gasUsd && { gasUsd: gasUsd.refusal }),
    },
  }
}
