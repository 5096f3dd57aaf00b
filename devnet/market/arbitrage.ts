import { integerSqrt } from '../marketSeed'

/** A price as base units of token 1 for one base unit of token 0, as a fraction. */
export type Ratio = { readonly numerator: bigint; readonly denominator: bigint }

/** What decides a pool's price. */
export type PoolState =
  | { readonly version: 'v2'; readonly reserve0: bigint; readonly reserve1: bigint }
  | { readonly version: 'v3'; readonly sqrtPriceX96: bigint }
  | {
      readonly version: 'v4'
      readonly sqrtPriceX96: bigint
      readonly tick: number
      readonly liquidity: bigint
      /** What a swap costs in each direction, the protocol's part included. */
      readonly fees: { readonly zeroForOnePips: number; readonly oneForZeroPips: number }
    }

const wholePips = 1_000_000n
const q96 = 2n ** 96n

/** The marginal price of a pool without its fee. */
export function priceOf(state: PoolState): Ratio {
  return state.version === 'v2'
    ? { numerator: state.reserve1, denominator: state.reserve0 }
    : { numerator: state.sqrtPriceX96 * state.sqrtPriceX96, denominator: q96 * q96 }
}

/** What a swap towards `target` costs, in hundredths of a basis point. Only v4 charges the protocol's part on top. */
export function swapFeePips(state: PoolState, target: Ratio, feePips: number): number {
  if (state.version !== 'v4') return feePips
  return compareRatios(priceOf(state), target) > 0 ? state.fees.zeroForOnePips : state.fees.oneForZeroPips
}

/** -1, 0 or 1 as a lies below, at or above b. */
export function compareRatios(a: Ratio, b: Ratio): -1 | 0 | 1 {
  const [left, right] = [a.numerator * b.denominator, b.numerator * a.denominator]
  return left < right ? -1 : left > right ? 1 : 0
}

/**
 * Where an arbitrageur would bring a pool that stands at `price` when the world trades at `fair`: to the edge of the band
 * in which the fee eats the difference, or nowhere (`undefined`) inside it.
 */
export function arbitrageTarget(price: Ratio, fair: Ratio, feePips: number): Ratio | undefined {
  const kept = wholePips - BigInt(feePips)
  const lower = { numerator: fair.numerator * kept, denominator: fair.denominator * wholePips }
  const upper = { numerator: fair.numerator * wholePips, denominator: fair.denominator * kept }
  if (compareRatios(price, lower) < 0) return lower
  if (compareRatios(price, upper) > 0) return upper
  return undefined
}

/**
 * What must be paid into a v2 pair to bring its price to a target, in closed form: the positive root of
 * γ a² + (1 + γ) r a + r² - r k = 0, where r is the reserve that grows, and k the other reserve times the target seen from
 * that side. The fee stays in the pair. Rounded down; 0 when the price is there.
 */
export function amountToRatio(
  { reserve0, reserve1 }: { readonly reserve0: bigint; readonly reserve1: bigint },
  target: Ratio,
  feePips: number,
): { readonly zeroForOne: boolean; readonly amountIn: bigint } {
  const zeroForOne = compareRatios({ numerator: reserve1, denominator: reserve0 }, target) > 0
  const kept = wholePips - BigInt(feePips)
  const [reserveIn, reserveOut] = zeroForOne ? [reserve0, reserve1] : [reserve1, reserve0]
  const goal = zeroForOne
    ? (reserveOut * target.denominator) / target.numerator
    : (reserveOut * target.numerator) / target.denominator
  const linear = (wholePips + kept) * reserveIn
  const discriminant = linear * linear + 4n * kept * wholePips * reserveIn * (goal - reserveIn)
  if (discriminant <= linear * linear) return { zeroForOne, amountIn: 0n }
  return { zeroForOne, amountIn: (integerSqrt(discriminant) - linear) / (2n * kept) }
}
