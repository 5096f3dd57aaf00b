import { formatUsd } from '@/lib/core/numbers/format'
import type { BreakEvenGas } from '@/lib/core/risk/worth'
import type { WorthFigures } from './worthFigures'

/** What is said of a plan's worth: a verdict, the sentence, and what it hangs on. */
export type WorthWords = { readonly verdict: string; readonly sentence: string; readonly details: readonly string[] }

/** Six decimals keep what is under a cent from becoming nothing. */
const money = (usd: number) => formatUsd(BigInt(Math.round(usd * 1e6)) * 10n ** 12n)

const days = (count: number) => {
  if (count < 1) return 'less than a day'
  if (count >= 3650) return 'over ten years'
  return `about ${Math.round(count)} day${Math.round(count) === 1 ? '' : 's'}`
}

const gwei = (value: number) => `${Number(value.toPrecision(3))} gwei`

function describeGas(gas: BreakEvenGas, gasPriceGwei: number): string {
  switch (gas.status) {
    case 'at':
      return `Break-even gas ${gwei(gas.gasPriceGwei)}; reckoned with ${gwei(gasPriceGwei)}.`
    case 'never':
      return 'At no gas price does it pay: fees and impact alone are more than it saves.'
    case 'free':
      return 'It needs no gas.'
  }
}

/** Says what waiting and acting cost. */
export function describeWorth({
  worth,
  gasPriceGwei,
  observations,
}: Extract<WorthFigures, { status: 'measured' }>): WorthWords {
  const basis = `Risk aversion 3, volatility from ${observations} daily returns; an average, not a forecast.`
  if (worth.status === 'removesNothing')
    return {
      verdict: 'It takes no drift risk away',
      sentence: `This bundle costs ${money(worth.planUsd)} and leaves as much tracking error as there is now.`,
      details: [basis],
    }
  const { waitingUsdPerWeek, planUsd, daysToDriftBack, savedUsd, breakEvenDays, breakEvenGas } = worth
  return {
    verdict: worth.status === 'pays' ? 'It saves more than it costs' : 'It costs more than it saves',
    sentence: `Waiting costs about ${money(waitingUsdPerWeek)} a week; this bundle costs ${money(planUsd)}.`,
    details: [
      `Until drift has brought back as much, in ${days(daysToDriftBack)}, it saves ${money(savedUsd)}.`,
      `Waiting would cost as much as the bundle in ${days(breakEvenDays)}.`,
      describeGas(breakEvenGas, gasPriceGwei),
      basis,
    ],
  }
}
