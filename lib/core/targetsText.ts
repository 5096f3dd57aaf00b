import { type Bps, bpsWhole, toBps } from './units'

/** Why a typed weight is not taken. */
export type WeightRefusal = 'empty' | 'notANumber' | 'negative' | 'tooManyDecimals' | 'aboveWhole'

export type ParsedWeight =
  | { readonly status: 'parsed'; readonly weightBps: Bps }
  | { readonly status: 'refused'; readonly reason: WeightRefusal; readonly message: string }

const messages: Readonly<Record<WeightRefusal, string>> = {
  empty: 'Enter a weight in percent.',
  notANumber: 'Enter a weight in digits, with a point before the decimals, such as 12.5.',
  negative: 'Enter a weight that is not negative.',
  tooManyDecimals: 'Enter at most 2 decimals: a weight is a whole number of hundredths of a percent.',
  aboveWhole: 'Enter at most 100 %.',
}

/**
 * Takes what a person typed for a weight in percent. Only plain digits and one point are a number: no spaces, signs, exponents,
 * or digits of other scripts. Surplus decimals are refused, not rounded.
 * @example parseWeightPercent('12.5') // { status: 'parsed', weightBps: 1250 }
 */
export function parseWeightPercent(text: string): ParsedWeight {
  if (text === '') return refuse('empty')
  const match = /^([-−])?([0-9]+)(?:\.([0-9]+))?$/.exec(text)
  if (!match) return refuse('notANumber')
  if (match[1]) return refuse('negative')
  const whole = match[2] ?? ''
  const fraction = match[3] ?? ''
  if (fraction.length > 2) return refuse('tooManyDecimals')
  // Long before a digit could be lost in a floating number the weight is above the whole.
  if (whole.replace(/^0+/, '').length > 3) return refuse('aboveWhole')
  const bps = Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
  return bps > bpsWhole ? refuse('aboveWhole') : { status: 'parsed', weightBps: toBps(bps) }
}

function refuse(reason: WeightRefusal): ParsedWeight {
  return { status: 'refused', reason, message: messages[reason] }
}

/** A weight as it stands in a text box: `12.5`, `40`, `0.25`. `parseWeightPercent` reads it back. */
export function weightPercentText(weightBps: Bps): string {
  const fraction = (weightBps % 100).toString().padStart(2, '0').replace(/0+$/, '')
  return `${Math.floor(weightBps / 100)}${fraction ? `.${fraction}` : ''}`
}
