import { daySeconds, InvalidBacktestError, type PriceMatrix, toPriceMatrix } from './priceMatrix'
import type { Destination, Rule, Scope } from './rule'
import type { ImpactModel, TradingCosts } from './tradingCosts'

/** What a back-test file asks for. */
export interface BacktestInput {
  readonly matrix: PriceMatrix
  /** Fractions that sum to 1. */
  readonly targets: readonly number[]
  readonly rules: readonly Rule[]
  readonly costs: TradingCosts
  readonly initialUsd: number
}

/** What a rule is when only its kind is given. */
const defaultDays = 30
const defaultBand = 0.05
const defaultRiskAversion = 3

const bpsWhole = 10_000

type Fields = { readonly [key: string]: unknown }

function refuse(field: string, demand: string, value: unknown): never {
  const text = JSON.stringify(value)
  const shown = value === undefined ? 'it is missing' : `got ${(text ?? typeof value).slice(0, 60)}`
  throw new InvalidBacktestError(field, `${demand}; ${shown}`)
}

function toFields(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(field, 'must be an object', value)
  return value as Fields
}

function toList(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) refuse(field, 'must be a list with something in it', value)
  return value
}

function toNumber(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse(field, 'must be a finite number', value)
  return value
}

function toAtLeastZero(value: unknown, field: string): number {
  const number = toNumber(value, field)
  return number >= 0 ? number : refuse(field, 'must not be negative', value)
}

function toPositive(value: unknown, field: string): number {
  const number = toNumber(value, field)
  return number > 0 ? number : refuse(field, 'must be positive', value)
}

function toFraction(value: unknown, field: string): number {
  const number = toNumber(value, field)
  return number >= 0 && number <= 1 ? number : refuse(field, 'must be a fraction from 0 to 1', value)
}

function toNames(value: unknown): readonly string[] {
  return toList(value, 'assets').map((name, at) =>
    typeof name === 'string' && name !== '' ? name : refuse(`assets[${at}]`, 'must be a name in quotes', name),
  )
}

function toMatrix({ prices, assets, stepSeconds }: Fields): PriceMatrix {
  const rows = toList(prices, 'prices').map((row, at) => toList(row, `prices[${at}]`))
  return toPriceMatrix(rows, {
    stepSeconds: stepSeconds === undefined ? daySeconds : toPositive(stepSeconds, 'stepSeconds'),
    ...(assets === undefined ? {} : { assets: toNames(assets) }),
  })
}

/** Fractions that sum to 1, or whole basis points that sum to 10 000. */
function toTargets(value: unknown, width: number): readonly number[] {
  const weights = toList(value, 'targets').map((weight, at) => toAtLeastZero(weight, `targets[${at}]`))
  if (weights.length !== width) refuse('targets', `must have one weight for each of ${width} assets`, value)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum === bpsWhole && weights.every(Number.isInteger)) return weights.map((weight) => weight / bpsWhole)
  if (Math.abs(sum - 1) > 1e-9)
    throw new InvalidBacktestError(
      'targets',
      `must sum to 1, or to 10000 in basis points; they sum to ${Number(sum.toPrecision(12))}`,
    )
  return weights
}

function toDestination(value: unknown, field: string): Destination {
  if (value === undefined) return 'target'
  if (value === 'target' || value === 'halfway' || value === 'edge') return value
  if (typeof value === 'number' && value >= 0 && value <= 1) return value
  return refuse(field, 'must be "target", "halfway", "edge" or a share of the band from 0 to 1', value)
}

function toScope(value: unknown, field: string): { readonly scope?: Scope } {
  if (value === undefined) return {}
  return value === 'all' || value === 'outOfBand'
    ? { scope: value }
    : refuse(field, 'must be "all" or "outOfBand"', value)
}

function toBand(value: unknown, field: string) {
  const fields = toFields(value, field)
  const trigger = toFraction(fields.trigger, `${field}.trigger`)
  const destination = toFraction(fields.destination, `${field}.destination`)
  if (destination > trigger) refuse(`${field}.destination`, 'must not exceed the trigger', destination)
  return { trigger, destination }
}

function toRule(value: unknown, field: string, width: number): Rule {
  const fields = typeof value === 'string' ? { kind: value } : toFields(value, field)
  const kindField = typeof value === 'string' ? field : `${field}.kind`
  const { kind, days, band, destination, riskAversion, bands, scope } = fields as Fields
  switch (kind) {
    case 'hold':
      return { kind }
    case 'calendar':
      return { kind, days: days === undefined ? defaultDays : toPositive(days, `${field}.days`) }
    case 'threshold':
      return {
        kind,
        band: band === undefined ? defaultBand : toFraction(band, `${field}.band`),
        destination: toDestination(destination, `${field}.destination`),
        ...toScope(scope, `${field}.scope`),
      }
    case 'bands': {
      const list = toList(bands, `${field}.bands`).map((one, at) => toBand(one, `${field}.bands[${at}]`))
      if (list.length !== width) refuse(`${field}.bands`, `must have one band for each of ${width} assets`, bands)
      return { kind, bands: list, ...toScope(scope, `${field}.scope`) }
    }
    case 'costAware':
      return {
        kind,
        riskAversion:
          riskAversion === undefined ? defaultRiskAversion : toPositive(riskAversion, `${field}.riskAversion`),
        ...toScope(scope, `${field}.scope`),
      }
    default:
      return refuse(kindField, 'must be "hold", "calendar", "threshold", "bands" or "costAware"', kind)
  }
}

function toRules(value: unknown, width: number): readonly Rule[] {
  return Array.isArray(value)
    ? toList(value, 'rule').map((one, at) => toRule(one, `rule[${at}]`, width))
    : [toRule(value, 'rule', width)]
}

function toImpact(value: unknown, width: number): ImpactModel {
  if (value === undefined) return { kind: 'none' }
  const { kind, depthUsd, coefficient } = toFields(value, 'impact')
  if (kind === 'none') return { kind }
  if (kind !== 'linear' && kind !== 'squareRoot')
    refuse('impact.kind', 'must be "none", "linear" or "squareRoot"', kind)
  const depths = toList(depthUsd, 'impact.depthUsd').map((depth, at) =>
    depth === null ? Number.POSITIVE_INFINITY : toPositive(depth, `impact.depthUsd[${at}]`),
  )
  if (depths.length !== width) refuse('impact.depthUsd', `must have one depth for each of ${width} assets`, depthUsd)
  return kind === 'linear'
    ? { kind, depthUsd: depths }
    : { kind, depthUsd: depths, coefficient: toAtLeastZero(coefficient, 'impact.coefficient') }
}

/**
 * Takes JSON for a back-test.
 * @throws {InvalidBacktestError} naming the field that cannot be.
 */
export function toBacktestInput(json: unknown): BacktestInput {
  const fields = toFields(json, 'file')
  const matrix = toMatrix(fields)
  const width = matrix.assets.length
  const feeBps = toAtLeastZero(fields.feeBps, 'feeBps')
  if (feeBps > bpsWhole) refuse('feeBps', 'must be at most 10000', feeBps)
  return {
    matrix,
    targets: toTargets(fields.targets, width),
    rules: toRules(fields.rule, width),
    costs: {
      feeBps,
      gasUsd: toAtLeastZero(fields.gasUsd, 'gasUsd'),
      gasUsdPerTrade: fields.gasUsdPerTrade === undefined ? 0 : toAtLeastZero(fields.gasUsdPerTrade, 'gasUsdPerTrade'),
      impact: toImpact(fields.impact, width),
    },
    initialUsd: toPositive(fields.initialUsd, 'initialUsd'),
  }
}
