import type { Matrix } from '@/lib/core/numbers/cholesky'
import { type AssetBand, type BandsProblem, InvalidPortfolioError, measureBands } from '@/lib/core/risk/bands'
import {
  composeCovariance,
  InvalidCovarianceError,
  NotPositiveDefiniteError,
  ZeroVolatilityError,
} from '@/lib/core/risk/covariance'
import { assertNever, bpsWhole } from '@/lib/core/units'
import { type Command, CommandError } from './command'
import { nameSource, readJson } from './readJson'

/** What an asset's line says where its band is no use. */
const statements = {
  gas: 'at this size, gas makes rebalancing this asset cost more than it brings',
  fee: 'at this fee, rebalancing this asset costs more than it brings',
  steady: 'a target of nothing or of everything does not drift',
} as const

/** Prints how far each asset may drift before acting pays, how far to bring it back, and what that comes to. */
export const bands: Command = {
  synopsis: 'bands FILE',
  summary: 'how far each asset may drift before bringing it back pays, from volatility, fees and gas',
  async run(args) {
    const flag = args.find((arg) => arg.startsWith('-') && arg !== '-')
    if (flag !== undefined) throw new CommandError('usage', `bands does not know ${JSON.stringify(flag)}.`)
    const [path, ...more] = args
    if (path === undefined || more.length > 0)
      throw new CommandError('usage', 'bands takes one file, or - for standard input.')
    const json = await readJson(path)
    try {
      const assets = measureBands(toBandsProblem(json)).map(describeBand)
      return { output: JSON.stringify({ assets }), exitCode: 0 }
    } catch (error) {
      const reason = reasonOf(error)
      if (reason === undefined) throw error
      throw new CommandError('input', `${nameSource(path)}: ${reason}`, { cause: error })
    }
  },
}

/** What was wrong with the input, beginning with the field; nothing for an error that is not the input's. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof InvalidPortfolioError || error instanceof InvalidCovarianceError) return error.message
  if (error instanceof ZeroVolatilityError) return `assets[${error.position}].volatility: ${error.message}`
  if (error instanceof NotPositiveDefiniteError) return `correlation[${error.position}]: ${error.message}`
  return undefined
}

/** JSON has no infinity: what never comes to an end is null. */
const finite = (value: number) => (Number.isFinite(value) ? value : null)

function describeBand(band: AssetBand): object {
  const { id, status } = band
  switch (band.status) {
    case 'steady':
      return {
        id,
        status,
        trigger: null,
        destination: null,
        lossBpsPerYear: 0,
        rebalancesPerYear: 0,
        turnoverPerYear: 0,
        statement: statements.steady,
      }
    case 'band':
    case 'widerThanTarget':
      return {
        id,
        status,
        trigger: band.trigger,
        destination: band.destination,
        lossBpsPerYear: band.lossPerYear * bpsWhole,
        rebalancesPerYear: finite(band.rebalancesPerYear),
        turnoverPerYear: finite(band.turnoverPerYear),
        ...(band.status === 'widerThanTarget' && { statement: statements[band.cause] }),
      }
    default:
      return assertNever(band)
  }
}

function invalid(field: string, reason: string): never {
  throw new InvalidPortfolioError(field, reason)
}

const shown = (value: unknown) => (value === undefined ? 'it is missing' : `got ${JSON.stringify(value)}`)

function toFields(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    invalid(field, `must be an object; ${shown(value)}`)
  return value as Readonly<Record<string, unknown>>
}

function toList(value: unknown, field: string): readonly unknown[] {
  return Array.isArray(value) ? value : invalid(field, `must be a list; ${shown(value)}`)
}

function toNumber(value: unknown, field: string): number {
  return typeof value === 'number' && Number.isFinite(value)
    ? value
    : invalid(field, `must be a number; ${shown(value)}`)
}

function toAsset(value: unknown, field: string) {
  const fields = toFields(value, field)
  const { id } = fields
  if (typeof id !== 'string' || id === '') invalid(`${field}.id`, `must be a name; ${shown(id)}`)
  const feeBps = toNumber(fields.feeBps, `${field}.feeBps`)
  if (!(feeBps >= 0 && feeBps < bpsWhole)) invalid(`${field}.feeBps`, `must lie from 0 to below 10000; got ${feeBps}`)
  return {
    id,
    target: toNumber(fields.target, `${field}.target`),
    volatility: toNumber(fields.volatility, `${field}.volatility`),
    proportionalCost: feeBps / bpsWhole,
  }
}

function toMatrix(value: unknown): Matrix {
  return toList(value, 'correlation').map((row, i) =>
    toList(row, `correlation[${i}]`).map((entry, j) => toNumber(entry, `correlation[${i}][${j}]`)),
  )
}

function toBandsProblem(json: unknown): BandsProblem {
  const fields = toFields(json, 'input')
  const assets = toList(fields.assets, 'assets').map((asset, i) => toAsset(asset, `assets[${i}]`))
  if (assets.length === 0) invalid('assets', 'must name at least one asset')
  return {
    assets,
    portfolioUsd: toNumber(fields.portfolioUsd, 'portfolioUsd'),
    riskAversion: toNumber(fields.riskAversion, 'riskAversion'),
    gasUsd: toNumber(fields.gasUsd, 'gasUsd'),
    covariance: composeCovariance(assets, toMatrix(fields.correlation)),
  }
}
