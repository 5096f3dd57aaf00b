import { cx } from '@/components/ui/cx'

type BandBarProps = {
  readonly driftBps: number
  readonly bandBps: number
  /** Drift at either end of the bar; the same for all bars that stand below each other. */
  readonly scaleBps: number
  readonly className?: string
}

const toPercent = (share: number) => `${Math.round(share * 1000) / 10}%`

/** Where an asset stands between far below and far above its target; the shaded middle is its band. */
export function BandBar({ driftBps, bandBps, scaleBps, className }: BandBarProps) {
  const bandShare = Math.min(1, bandBps / scaleBps)
  const driftShare = Math.max(-1, Math.min(1, driftBps / scaleBps))
  const isOut = Math.abs(driftBps) > bandBps
  return (
    <span aria-hidden="true" className={cx('relative block h-2 rounded-full bg-sunken', className)}>
      <span
        className="absolute inset-y-0 rounded-full bg-line"
        style={{ left: toPercent((1 - bandShare) / 2), width: toPercent(bandShare) }}
      />
      <span
        className={cx('absolute inset-y-0 rounded-full', isOut ? 'bg-warn' : 'bg-accent')}
        style={{ left: toPercent(0.5 + Math.min(0, driftShare) / 2), width: toPercent(Math.abs(driftShare) / 2) }}
      />
      <span className="absolute -inset-y-1 left-1/2 w-px bg-control" />
      <span
        className={cx(
          'absolute top-1/2 size-2.5 -translate-x-1/2 -translate-y-1/2 rounded-full ring-2 ring-surface',
          isOut ? 'bg-warn' : 'bg-accent',
        )}
        style={{ left: toPercent(0.5 + driftShare / 2) }}
      />
    </span>
  )
}
