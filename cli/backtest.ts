import { toBacktestInput } from '@/lib/core/backtest/backtestInput'
import { prepareMarket } from '@/lib/core/backtest/backtestMarket'
import { InvalidBacktestError } from '@/lib/core/backtest/priceMatrix'
import { composeCostAwareBands, type Rule } from '@/lib/core/backtest/rule'
import { runBacktest } from '@/lib/core/backtest/runBacktest'
import { type Command, CommandError } from './command'
import { nameSource, readJson } from './readJson'

/** Runs rules over prices and prints what each came to, as one JSON object. */
export const backtest: Command = {
  synopsis: 'backtest FILE',
  summary: 'runs rebalancing rules over prices and prints what each came to',
  async run(args) {
    const flag = args.find((arg) => arg.startsWith('-') && arg !== '-')
    if (flag !== undefined) throw new CommandError('usage', `backtest does not know ${JSON.stringify(flag)}.`)
    const [path, ...more] = args
    if (path === undefined || more.length > 0)
      throw new CommandError('usage', 'backtest takes one file, or - for standard input.')
    const json = await readJson(path)
    try {
      return { output: JSON.stringify(runAll(json)), exitCode: 0 }
    } catch (error) {
      if (!(error instanceof InvalidBacktestError)) throw error
      throw new CommandError('input', `${nameSource(path)}: ${error.message}`, { cause: error })
    }
  },
}

function runAll(json: unknown) {
  const { matrix, targets, rules, costs, initialUsd } = toBacktestInput(json)
  const market = prepareMarket(matrix, targets)
  return {
    steps: matrix.steps,
    stepSeconds: matrix.stepSeconds,
    years: market.years,
    initialUsd,
    target: {
      finalUsd: initialUsd * (market.targetIndex.at(-1) ?? Number.NaN),
      maxDrawdown: market.targetMaxDrawdown,
    },
    totals: rules.map((rule) => {
      const { trackingErrorPerYear = null, ...summary } = runBacktest(market, { rule, costs, initialUsd })
      return { rule: showRule(rule), ...summary, trackingErrorPerYear }
    }),
  }

  /** The rule as it ran, with the bands that it computed; null stands for a band that is never left. */
  function showRule(rule: Rule) {
    if (rule.kind !== 'costAware') return rule
    const bands = composeCostAwareBands(rule.riskAversion, { targets: market.targets, costs, initialUsd })
    return { ...rule, bands: bands.map((band) => (Number.isFinite(band.trigger) ? band : null)) }
  }
}
