import { StopLine } from '../scripts/stopLine.mjs'

/**
 * Takes the text of a command-line flag for a whole number.
 * @throws {StopLine} when it is not one, or out of range
 */
export function toInteger(
  flag: string,
  text: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: { readonly least?: number; readonly most?: number } = {},
): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  throw new StopLine(`--${flag} ${text} is not a whole number ${range}.`)
}
