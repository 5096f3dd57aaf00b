/** Numbers by chance, the same for the same seed. */
export interface SeededNumbers {
  /** From 0 (included) to 1 (excluded). */
  readonly uniform: () => number
  /** Standard normal. */
  readonly normal: () => number
}

/** Spreads a seed over 32 bits (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/**
 * Starts a stream of numbers: xoshiro128** (Blackman, Vigna 2021) and the polar method for normal ones (Marsaglia, Bray 1964).
 * @param seed any whole number; its lowest 32 bits count.
 */
export function seedNumbers(seed: number): SeededNumbers {
  let a = mix(seed + 0x9e3779b9)
  let b = mix(seed + 0x3c6ef372)
  let c = mix(seed + 0xdaa66d2b)
  let d = mix(seed + 0x78dde6e4) | 1
  const bits = () => {
    const scaled = Math.imul(b, 5)
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result >>> 0
  }
  const uniform = () => bits() / 2 ** 32
  let spare: number | undefined
  const normal = () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const square = x * x + y * y
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square)
        spare = y * scale
        return x * scale
      }
    }
  }
  return { uniform, normal }
}
