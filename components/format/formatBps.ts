/** A cost from hundredths of a basis point: 1234 is `12.3 bps`, 456 is `4.56 bps`. */
export function formatBps(centiBps: number): string {
  const size = Math.abs(centiBps) / 100
  return `${centiBps < 0 ? '\u2212' : ''}${size.toFixed(size < 10 ? 2 : 1)} bps`
}
