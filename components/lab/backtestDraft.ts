import { alignHistory, type StepPrices } from '@/lib/core/backtest/alignHistory'
import { daySeconds, type PriceMatrix, yearSeconds } from '@/lib/core/backtest/priceMatrix'
import type { Rule } from '@/lib/core/backtest/rule'
import type { LabRequest } from '@/lib/core/backtest/runLab'
import type { SimulatedMarket } from '@/lib/core/backtest/simulatePrices'
import { formatDay, formatPoints } from './figures'
import { type LabInput, type ParsedFigure, parseFigure } from './labDraft'
import type { LabTarget } from './labSubject'

/** Where the prices of a back-test come from. */
export type MarketSource = 'shipped' | 'chain' | 'simulated'

/** A rule that can be ticked. */
export type RuleKind = 'hold' | 'calendar' | 'threshold' | 'costAware'

const ruleKinds: readonly RuleKind[] = ['hold', 'calendar', 'threshold', 'costAware']

const figureLimits = {
  calendarDays: { min: 1, max: 3650, isWhole: true },
  thresholdPoints: { min: 0.01, max: 100 },
  depthUsd: { min: 1, max: 1e12 },
  years: { min: 0.5, max: 20 },
  volatility: { min: 0, max: 500 },
  correlation: { min: 0, max: 1 },
  growth: { min: 0, max: 500 },
  seed: { min: 0, max: 4_294_967_295, isWhole: true },
  markets: { min: 1, max: 500, isWhole: true },
} as const

/** A figure of a back-test that is typed. */
export type BacktestField = keyof typeof figureLimits

/** A back-test, as typed and chosen. */
export type BacktestDraft = { readonly [Field in BacktestField]: string } & {
  readonly source: MarketSource
  readonly rules: { readonly [Kind in RuleKind]: boolean }
  readonly impact: 'none' | 'linear'
  readonly step: 'day' | 'hour'
  readonly tails: 'normal' | 'student'
}

/** What a back-test begins with. */
export function startBacktestDraft(ownBandBps: number): BacktestDraft {
  return {
    source: 'shipped',
    rules: { hold: true, calendar: true, threshold: true, costAware: true },
    calendarDays: '30',
    thresholdPoints: String(Math.max(1, ownBandBps) / 100),
    impact: 'none',
    depthUsd: '5000000',
    years: '3',
    volatility: '70',
    correlation: '0.6',
    growth: '0',
    seed: '1',
    markets: '20',
    step: 'day',
    tails: 'student',
  }
}

/** What goes with a request to its result. */
export type BacktestFacts = {
  /** One for each rule. */
  readonly names: readonly string[]
  readonly rules: readonly Rule[]
  readonly initialUsd: number
  readonly stepSeconds: number
  /** Unix seconds of the first step; missing for drawn prices. */
  readonly startSeconds?: number
  readonly markets: number
  /** What was tested, in words. */
  readonly market: string
  /** What was left out or assumed. */
  readonly remarks: readonly string[]
}

/** A back-test that can be run, or why not, for the fields and as a whole. */
export type ParsedBacktest =
  | { readonly status: 'ready'; readonly request: LabRequest; readonly facts: BacktestFacts }
  | {
      readonly status: 'refused'
      readonly refusals: { readonly [Field in BacktestField]?: string }
      readonly problem?: string
    }

/** Prices to choose from. */
export type BacktestPrices = { readonly series: readonly StepPrices[]; readonly name: string }

type Figures = { readonly [Field in BacktestField]: number }

const simulatedFields: readonly BacktestField[] = ['years', 'volatility', 'correlation', 'growth', 'seed', 'markets']

function listFields({ source, rules, impact }: BacktestDraft): readonly BacktestField[] {
  return [
    ...(rules.calendar ? (['calendarDays'] as const) : []),
    ...(rules.threshold ? (['thresholdPoints'] as const) : []),
    ...(impact === 'linear' ? (['depthUsd'] as const) : []),
    ...(source === 'simulated' ? simulatedFields : []),
  ]
}

function composeRule(kind: RuleKind, { calendarDays, thresholdPoints }: Figures, riskAversion: number) {
  switch (kind) {
    case 'hold':
      return { name: 'Hold', rule: { kind } as const }
    case 'calendar':
      return {
        name: calendarDays === 1 ? 'Every day' : `Every ${calendarDays} days`,
        rule: { kind, days: calendarDays } as const,
      }
    case 'threshold': {
      const band = thresholdPoints / 100
      return { name: `Band ${formatPoints(band)}`, rule: { kind, band, destination: 'target' } as const }
    }
    case 'costAware':
      return { name: 'Band from costs', rule: { kind, riskAversion } as const }
  }
}

type Market = Pick<BacktestFacts, 'stepSeconds' | 'startSeconds' | 'markets' | 'market' | 'remarks'> & {
  readonly market: string
  readonly prices: LabRequest['market']
  readonly targets: readonly LabTarget[]
}

const stepsOf = { day: daySeconds, hour: 3600 } as const

function composeSimulated(
  draft: BacktestDraft,
  figures: Figures,
  { targets, isStable }: { readonly targets: readonly LabTarget[]; readonly isStable: (id: string) => boolean },
): Market {
  const { years, volatility, correlation, growth, seed, markets } = figures
  const stepSeconds = stepsOf[draft.step]
  const moves = targets.map(({ id }) => !isStable(id))
  const market: SimulatedMarket = {
    assets: targets.map(({ id }, at) => ({
      id,
      volatility: moves[at] === true ? volatility / 100 : 0.005,
      growth: moves[at] === true ? growth / 100 : 0,
    })),
    correlation: targets.map((_, i) =>
      targets.map((__, j) => (i === j ? 1 : moves[i] === true && moves[j] === true ? correlation : 0)),
    ),
    stepSeconds,
    steps: Math.round((years * yearSeconds) / stepSeconds) + 1,
    tails: draft.tails === 'student' ? { kind: 'student', degrees: 4 } : { kind: 'normal' },
  }
  const drawn = markets === 1 ? 'One market' : `${markets} markets`
  return {
    prices: { kind: 'simulated', market, seed, runs: markets },
    targets,
    stepSeconds,
    markets,
    market: `${drawn} of ${years} years by the ${draft.step}, drawn with seed ${seed}`,
    remarks: targets.some(({ id }) => isStable(id)) ? ['Stable assets move by 0.5 % a year, with nothing else.'] : [],
  }
}

/** The parts that have prices, scaled to a whole. */
function scaleToWhole(targets: readonly LabTarget[]): readonly number[] {
  const whole = targets.reduce((sum, { weightBps }) => sum + weightBps, 0)
  return targets.map(({ weightBps }) => weightBps / whole)
}

const joinNames = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

function composeHistory(
  { series, name }: BacktestPrices,
  { targets, isStable }: { readonly targets: readonly LabTarget[]; readonly isStable: (id: string) => boolean },
): Market | { readonly problem: string } {
  const covered = targets.filter(({ id }) => series.some(({ asset }) => asset === id))
  const missing = targets.filter(({ id }) => !series.some(({ asset }) => asset === id))
  const pegged = missing.filter(({ id }) => isStable(id))
  const leftOut = missing.filter(({ id }) => !isStable(id)).map(({ id }) => id)
  if (covered.length === 0 || covered.length + pegged.length < 2)
    return {
      problem: `There are no prices of ${joinNames(leftOut)} in this data. Choose other assets, or drawn prices.`,
    }
  const chosen = series.filter(({ asset }) => covered.some(({ id }) => id === asset))
  const aligned = alignHistory(chosen, { stepSeconds: daySeconds, onGap: 'commonRange' })
  if (aligned.status !== 'aligned')
    return {
      problem: `${joinNames(covered.map(({ id }) => id))} share no two days in a row in this data. Choose other assets.`,
    }
  const kept = [...aligned.matrix.assets, ...pegged.map(({ id }) => id)]
  const keptTargets = kept.flatMap((id) => targets.find((target) => target.id === id) ?? [])
  const firstDay = aligned.startSeconds / daySeconds
  const lastDay = firstDay + aligned.matrix.steps - 1
  const latest = chosen.filter(({ startSeconds }) => startSeconds === aligned.startSeconds).map(({ asset }) => asset)
  return {
    prices: { kind: 'history', matrix: addPegged(aligned.matrix, kept) },
    targets: keptTargets,
    stepSeconds: daySeconds,
    startSeconds: aligned.startSeconds,
    markets: 1,
    market: `${name}, ${formatDay(firstDay)} to ${formatDay(lastDay)}`,
    remarks: [
      ...(leftOut.length > 0
        ? [`There are no prices of ${joinNames(leftOut)}: left out, and the others scaled to 100 %.`]
        : []),
      ...(pegged.length > 0 ? [`There are no prices of ${joinNames(pegged.map(({ id }) => id))}: counted as $1.`] : []),
      ...(latest.length > 0 && latest.length < chosen.length
        ? [`The prices of ${joinNames(latest)} begin last, on ${formatDay(firstDay)}: that is where the test begins.`]
        : []),
    ],
  }
}

/** Adds columns of $1. */
function addPegged(matrix: PriceMatrix, kept: readonly string[]): PriceMatrix {
  const { assets, steps, prices } = matrix
  const width = assets.length
  const wide = new Float64Array(steps * kept.length).fill(1)
  for (let step = 0; step < steps; step++)
    wide.set(prices.subarray(step * width, (step + 1) * width), step * kept.length)
  return { ...matrix, assets: kept, prices: wide }
}

/** Points of a curve: more than a screen is wide would show nothing more. */
const points = 240

/** The most single price steps that one run may draw, so that memory and patience last. */
const mostSteps = 30_000_000

type BacktestContext = {
  readonly input: LabInput
  /** Missing while they are read, or cannot be. */
  readonly prices: BacktestPrices | undefined
  readonly isStable: (id: string) => boolean
}

/** Takes what was typed for a request to the lab, or says why not. */
export function parseBacktest(draft: BacktestDraft, { input, prices, isStable }: BacktestContext): ParsedBacktest {
  const parsed = listFields(draft).map((field): readonly [BacktestField, ParsedFigure] => [
    field,
    parseFigure(draft[field], figureLimits[field]),
  ])
  const refused = parsed.filter(([, figure]) => 'refusal' in figure)
  if (refused.length > 0)
    return {
      status: 'refused',
      refusals: Object.fromEntries(
        refused.map(([field, figure]) => [field, 'refusal' in figure ? figure.refusal : '']),
      ),
    }
  const figures = Object.fromEntries(
    parsed.map(([field, figure]) => [field, 'value' in figure ? figure.value : Number.NaN]),
  ) as Figures
  const chosen = ruleKinds.filter((kind) => draft.rules[kind])
  if (chosen.length === 0) return { status: 'refused', refusals: {}, problem: 'Choose at least one rule.' }
  const market = composeMarket(draft, figures, { input, prices, isStable })
  if ('problem' in market) return { status: 'refused', refusals: {}, problem: market.problem }
  const rules = chosen.map((kind) => composeRule(kind, figures, input.riskAversion))
  const { prices: labMarket, targets, ...facts } = market
  return {
    status: 'ready',
    request: {
      market: labMarket,
      targets: scaleToWhole(targets),
      rules: rules.map(({ rule }) => rule),
      costs: {
        feeBps: input.feeBps,
        gasUsd: input.gasUsd,
        gasUsdPerTrade: 0,
        impact:
          draft.impact === 'none'
            ? { kind: 'none' }
            : { kind: 'linear', depthUsd: targets.map(() => figures.depthUsd) },
      },
      initialUsd: input.totalUsd,
      points,
    },
    facts: {
      ...facts,
      names: rules.map(({ name }) => name),
      rules: rules.map(({ rule }) => rule),
      initialUsd: input.totalUsd,
    },
  }
}

function composeMarket(
  draft: BacktestDraft,
  figures: Figures,
  { input, prices, isStable }: BacktestContext,
): Market | { readonly problem: string } {
  const { targets } = input
  if (draft.source === 'simulated') {
    const drawn = ((figures.years * yearSeconds) / stepsOf[draft.step]) * figures.markets * targets.length
    if (drawn > mostSteps)
      return {
        problem: `That is ${Math.round(drawn / 1e6)} million prices. Choose fewer markets, fewer years or longer steps.`,
      }
    return composeSimulated(draft, figures, { targets, isStable })
  }
  return prices === undefined
    ? { problem: 'These prices are not there. Choose another source.' }
    : composeHistory(prices, { targets, isStable })
}
