import type { Position } from '@/lib/core/portfolio/portfolio'

/** One asset in a chart. Percent and percentage points, as floats. */
export type ChartRow = {
  readonly assetId: string
  readonly nowPercent: number
  readonly targetPercent: number
  readonly driftPoints: number
  readonly isInBand: boolean
}

/** Rows of the charts: every asset with a value or a target, the heaviest first. */
export function toChartRows(positions: readonly Position[]): readonly ChartRow[] {
  return positions
    .filter(({ weightBps, targetBps }) => weightBps > 0 || targetBps > 0)
    .map(({ assetId, weightBps, targetBps, driftBps, isInBand }) => ({
      assetId,
      nowPercent: weightBps / 100,
      targetPercent: targetBps / 100,
      driftPoints: driftBps / 100,
      isInBand,
    }))
    .sort((a, b) => Math.max(b.nowPercent, b.targetPercent) - Math.max(a.nowPercent, a.targetPercent))
}
