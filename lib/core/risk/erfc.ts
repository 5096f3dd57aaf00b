/** Below this the power series of erf has few terms and 1 - erf keeps 13 digits; above it the continued fraction is short. */
const turn = 2

/**
 * The complementary error function, 2 / sqrt(pi) x the integral of exp(-t^2) from x on; good to 1e-13 of itself (NIST Digital
 * Library of Mathematical Functions, 7.6.2 and 7.9.1).
 */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x
  if (x < 0) return 2 - erfc(-x)
  return x < turn ? 1 - erfBySeries(x) : erfcByFraction(x)
}

/** erf x = 2 / sqrt(pi) exp(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...): no term is negative. */
function erfBySeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** erfc x = exp(-x^2) / sqrt(pi) / (x + (1/2) / (x + (2/2) / (x + (3/2) / (x + ...)))), from the inside out. */
function erfcByFraction(x: number): number {
  let tail = x
  for (let n = 60; n > 0; n--) tail = x + n / 2 / tail
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail
}
