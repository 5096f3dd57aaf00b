import type { Breach } from '@/lib/core/risk/breach'
import type { PortfolioRisk } from '@/lib/core/risk/portfolioRisk'
import { formatCount, formatDay, formatShare } from './figures'
import type { LabSubject } from './labSubject'
import type { SourcePrices } from './priceSource'

/** `A, B and C`. */
export function joinIds(ids: readonly string[]): string {
  return ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`
}

/** Says whose portfolio it is. */
export function describePortfolioSource({ source }: LabSubject): string {
  switch (source) {
    case 'example':
      return 'An example. Connect a wallet or watch an address on the portfolio screen to begin with your own.'
    case 'targets':
      return 'Your targets. What you change here is not saved.'
    case 'holdings':
      return 'What you hold now: you have no targets yet. What you change here is not saved.'
  }
}

/** Says where the costs come from that stand at first. */
export function describeCostSource({ known }: LabSubject, cost: 'fee' | 'gas'): string {
  if (known?.source === 'plan') return 'At first: of your latest plan.'
  if (cost === 'fee') return 'At first: the fee of most pools.'
  return known === undefined ? 'At first: a guess; no chain is asked.' : 'At first: one swap at this chain’s gas price.'
}

/** Says what volatility and correlation are measured from. */
export function describeRisk(risk: PortfolioRisk | undefined, prices: SourcePrices): string {
  if (prices.status !== 'there') return 'Reading the daily prices.'
  if (risk === undefined) return 'A portfolio is needed first.'
  switch (risk.status) {
    case 'measured': {
      const { observations, fromDay, toDay, steadyIds, uncoveredIds } = risk
      return [
        `From ${observations} daily returns, ${formatDay(fromDay)} to ${formatDay(toDay)}: ${prices.name}. ${prices.remark}`,
        ...(steadyIds.length > 0 ? [`${joinIds(steadyIds)} set apart as stable (0.5 % a year).`] : []),
        ...(uncoveredIds.length > 0 ? [`No prices of ${joinIds(uncoveredIds)}: left out of the yearly figures.`] : []),
      ].join(' ')
    }
    case 'tooFew':
      return `These assets share ${risk.observations} daily returns and ${risk.needed} are needed, so no volatility is given.`
    case 'notPositiveDefinite':
      return `${risk.id} moves as a mixture of ${joinIds(risk.others)}, so no volatility is given. Leave one of them out.`
    case 'noPrices':
      return risk.uncoveredIds.length === 0
        ? 'Only stable assets: there is nothing that drifts.'
        : `There are no prices of ${joinIds(risk.uncoveredIds)}, so no volatility is given.`
  }
}

/** Says when a weight is expected to leave its band. */
export function describeBreachDays(breach: Breach | undefined): string {
  if (breach === undefined) return '–'
  if (breach.status === 'outside') return 'outside now'
  const { expectedDays } = breach
  if (expectedDays > 3650) return 'over 10 years'
  return expectedDays < 10 ? `${formatCount(expectedDays, 1)} days` : `${formatCount(expectedDays)} days`
}

/** Says how likely a weight leaves its band in time. */
export function describeBreachChance(breach: Breach | undefined): string {
  if (breach === undefined) return '–'
  if (breach.status === 'outside') return '–'
  return breach.probability > 0 && breach.probability < 0.0005 ? '<0.1 %' : formatShare(breach.probability)
}
