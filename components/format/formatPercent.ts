const minus = '\u2212'

/** A share in basis points as percent with two decimals: 123 is `1.23 %`. Nothing is `0 %`. */
export function formatPercent(bps: number): string {
  if (bps === 0) return '0 %'
  return `${bps < 0 ? minus : ''}${(Math.abs(bps) / 100).toFixed(2)} %`
}

/** A pool's fee in hundredths of a basis point as percent, without surplus zeros: 500 is `0.05 %`. */
export function formatFeePips(feePips: number): string {
  return `${Number((feePips / 10_000).toFixed(4))} %`
}

/** A bound in basis points, rounded up so that it stays one: 0.163 is `0.17`, 12.31 is `12.4`. */
export function formatBoundBps(gapBps: number): string {
  const [digits, scale] = gapBps < 10 ? [2, 100] : [1, 10]
  const raised = Math.ceil(Math.max(gapBps, 0.01) * scale - 1e-9) / scale
  return raised.toFixed(digits).replace(/0+$/, '').replace(/\.$/, '')
}
