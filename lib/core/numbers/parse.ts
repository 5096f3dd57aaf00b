/** Why a typed amount is not taken. */
export type AmountRefusal = 'empty' | 'notANumber' | 'negative' | 'tooManyDecimals' | 'tooLarge'

export type ParsedAmount =
  | { readonly status: 'parsed'; readonly amount: bigint }
  | { readonly status: 'refused'; readonly reason: AmountRefusal; readonly message: string }

const maxDigits = 60

/**
 * Takes what a person typed for an amount with at most `decimals` decimals. Only plain digits and one point are a number: no
 * spaces, signs, exponents, grouping or digits of other scripts. Surplus decimals are refused, not rounded.
 * @example parseAmount('1.5', 6) // { status: 'parsed', amount: 1500000n }
 */
export function parseAmount(text: string, decimals: number): ParsedAmount {
  if (text === '') return refuse('empty', 'Enter an amount.')
  if (/^[-−]/.test(text)) return refuse('negative', 'Enter an amount that is not negative.')
  const match = /^([0-9]+)(?:\.([0-9]+))?$/.exec(text)
  if (!match) return refuse('notANumber', 'Enter an amount in digits, with a point before the decimals, such as 12.5.')
  const whole = match[1] ?? ''
  const fraction = match[2] ?? ''
  if (whole.length > maxDigits) return refuse('tooLarge', 'Enter a smaller amount.')
  if (fraction.length > decimals) return refuse('tooManyDecimals', `Enter at most ${decimals} decimals.`)
  return { status: 'parsed', amount: BigInt(whole + fraction.padEnd(decimals, '0')) }
}

function refuse(reason: AmountRefusal, message: string): ParsedAmount {
  return { status: 'refused', reason, message }
}
