/** The lowest tick of Uniswap v3: the price 2^-128. */
export const minTick = -887272

/** The highest tick of Uniswap v3: the price 2^128. */
export const maxTick = 887272

/** The square-root price (Q64.96) at {@link minTick}. */
export const minSqrtPriceX96 = 4295128739n

/** The square-root price (Q64.96) at {@link maxTick}; no price reaches it. */
export const maxSqrtPriceX96 = 1461446703485210103287273052203988822378723970342n

/** sqrt(1.0001)^-(2^i) in Q128, i from 0 to 19, as Uniswap's TickMath has them. */
const ratiosX128: readonly bigint[] = [
  0xfffcb933bd6fad37aa2d162d1a594001n,
  0xfff97272373d413259a46990580e213an,
  0xfff2e50f5f656932ef12357cf3c7fdccn,
  0xffe5caca7e10e4e61c3624eaa0941cd0n,
  0xffcb9843d60f6159c9db58835c926644n,
  0xff973b41fa98c081472e6896dfb254c0n,
  0xff2ea16466c96a3843ec78b326b52861n,
  0xfe5dee046a99a2a811c461f1969c3053n,
  0xfcbe86c7900a88aedcffc83b479aa3a4n,
  0xf987a7253ac413176f2b074cf7815e54n,
  0xf3392b0822b70005940c7a398e4b70f3n,
  0xe7159475a2c29b7443b29c7fa6e889d9n,
  0xd097f3bdfd2022b8845ad8f792aa5825n,
  0xa9f746462d870fdf8a65dc1f90e061e5n,
  0x70d869a156d2a1b890bb3df62baf32f7n,
  0x31be135f97d08fd981231505542fcfa6n,
  0x9aa508b5b7a84e1c677de54f3e99bc9n,
  0x5d6af8dedb81196699c329225ee604n,
  0x2216e584f5fa1ea926041bedfe98n,
  0x48a170391f7dc42444e8fa2n,
]

const q128 = 1n << 128n
const maxUint256 = (1n << 256n) - 1n
const maxUint32 = (1n << 32n) - 1n
const halfLogBase = Math.log(1.0001) / 2

/** A tick outside the range of Uniswap v3, or not a whole number. */
export class TickOutOfRangeError extends Error {
  override readonly name = 'TickOutOfRangeError'
  constructor(readonly tick: number) {
    super(`${tick} is not a tick. Use a whole number from ${minTick} to ${maxTick}.`)
  }
}

/** A square-root price outside the range of Uniswap v3. */
export class SqrtPriceOutOfRangeError extends Error {
  override readonly name = 'SqrtPriceOutOfRangeError'
  constructor(readonly sqrtPriceX96: bigint) {
    super(`${sqrtPriceX96} is not a square-root price of Uniswap v3. Read the pool's slot0 again.`)
  }
}

/** Prices of ticks that were asked for before: a replay asks for the same few again and again. */
const known = new Map<number, bigint>()
const maxKnown = 4096

/**
 * The square-root price (Q64.96) at a tick, to the last digit of Uniswap's TickMath.getSqrtRatioAtTick.
 * @throws {TickOutOfRangeError} when the tick is not a whole number from {@link minTick} to {@link maxTick}.
 */
export function sqrtPriceAtTick(tick: number): bigint {
  const before = known.get(tick)
  if (before !== undefined) return before
  if (!Number.isInteger(tick) || tick < minTick || tick > maxTick) throw new TickOutOfRangeError(tick)
  const price = computeSqrtPrice(tick)
  if (known.size >= maxKnown) known.clear()
  known.set(tick, price)
  return price
}

function computeSqrtPrice(tick: number): bigint {
  const distance = Math.abs(tick)
  let ratio = q128
  for (const [bit, factor] of ratiosX128.entries()) {
    if ((distance >> bit) & 1) ratio = (ratio * factor) >> 128n
  }
  if (tick > 0) ratio = maxUint256 / ratio
  // Q128.128 to Q64.96, rounded up
  return (ratio >> 32n) + ((ratio & maxUint32) === 0n ? 0n : 1n)
}

/** The logarithm in floating point errs by less than this part of a tick. */
const logMargin = 1e-6

/**
 * The greatest tick whose square-root price is not above the given one (Uniswap's TickMath.getTickAtSqrtRatio).
 * @throws {SqrtPriceOutOfRangeError} when the price lies outside [{@link minSqrtPriceX96}, {@link maxSqrtPriceX96}).
 */
export function tickAtSqrtPrice(sqrtPriceX96: bigint): number {
  if (sqrtPriceX96 < minSqrtPriceX96 || sqrtPriceX96 >= maxSqrtPriceX96)
    throw new SqrtPriceOutOfRangeError(sqrtPriceX96)
  const estimate = Math.log(Number(sqrtPriceX96) / 2 ** 96) / halfLogBase
  const floor = Math.floor(estimate)
  if (estimate - floor > logMargin && floor + 1 - estimate > logMargin) return floor
  // So close to a tick the exact prices decide.
  let tick = Math.min(maxTick - 1, Math.max(minTick, floor))
  while (tick > minTick && sqrtPriceAtTick(tick) > sqrtPriceX96) tick -= 1
  while (tick < maxTick - 1 && sqrtPriceAtTick(tick + 1) <= sqrtPriceX96) tick += 1
  return tick
}
