import { TokenLogo } from '@/components/ui/TokenLogo'

const rows = [
  { symbol: 'ETH', now: 41.4, target: 35 },
  { symbol: 'WBTC', now: 27.8, target: 30 },
  { symbol: 'USDC', now: 16.1, target: 20 },
  { symbol: 'LINK', now: 10.2, target: 10 },
  { symbol: 'AAVE', now: 4.5, target: 5 },
] as const

const scale = 50

function toShift(now: number, target: number): string {
  const shift = now - target
  return `${shift < 0 ? '\u2212' : '+'}${Math.abs(shift).toFixed(1)} pp`
}

/** A drawn example of what the app shows: weights as bars, targets as marks, the distance between them in figures. */
export function ExampleFigure() {
  return (
    <figure className="rounded-panel border border-line bg-surface p-5 shadow-panel sm:p-6">
      <div className="flex items-baseline justify-between gap-4">
        <span className="font-semibold text-[28px] tabular-nums leading-none tracking-[-0.03em]">$48,210.55</span>
        <span className="text-[13px] text-ink-faint">Example</span>
      </div>
      <p className="mt-2 text-ink-soft text-sm">Drift 6.6 % · 2 of 5 assets out of band</p>
      <ul className="mt-6 space-y-4">
        {rows.map(({ symbol, now, target }) => {
          const isOut = Math.abs(now - target) > 3
          return (
            <li key={symbol} className="grid grid-cols-[4.75rem_1fr_4.25rem] items-center gap-3 text-sm">
              <span className="flex items-center gap-2 font-medium">
                <TokenLogo symbol={symbol} size="sm" />
                {symbol}
              </span>
              <span className="relative h-2 rounded-full bg-sunken" aria-hidden="true">
                <span
                  className="absolute inset-y-0 left-0 rounded-full bg-accent"
                  style={{ width: `${(now / scale) * 100}%` }}
                />
                <span
                  className="absolute -inset-y-1.5 w-0.5 -translate-x-1/2 rounded-full bg-ink ring-2 ring-surface"
                  style={{ left: `${(target / scale) * 100}%` }}
                />
              </span>
              <span
                className={
                  isOut ? 'text-right font-medium text-warn tabular-nums' : 'text-right text-ink-faint tabular-nums'
                }
              >
                {toShift(now, target)}
              </span>
            </li>
          )
        })}
      </ul>
      <figcaption className="mt-6 flex flex-wrap gap-x-5 gap-y-1 border-line border-t pt-4 text-[13px] text-ink-faint">
        <span className="inline-flex items-center gap-2">
          <span aria-hidden="true" className="h-2 w-5 rounded-full bg-accent" /> now
        </span>
        <span className="inline-flex items-center gap-2">
          <span aria-hidden="true" className="h-4 w-0.5 rounded-full bg-ink" /> target
        </span>
        <span>distance in percentage points</span>
      </figcaption>
    </figure>
  )
}
