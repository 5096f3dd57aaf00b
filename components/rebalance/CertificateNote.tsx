import { formatBoundBps } from '@/components/format/formatPercent'
import { Icon } from '@/components/ui/Icon'
import type { Certificate } from '@/lib/core/rebalance/plan'

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 2 })
const prices = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 6 })

/** How far the plan is at most from the most that its pools allow, and what proves it. */
export function CertificateNote({ certificate }: { certificate: Certificate }) {
  const { gapBps, boundUsd, valueUsd, shadowPrices } = certificate
  return (
    <div className="text-sm">
      <p className="flex gap-2">
        <Icon name="check" className="mt-0.5 text-ok" />
        <span>
          At most <strong className="font-semibold tabular-nums">{formatBoundBps(gapBps)} bps</strong> from the most
          these pools allow
        </span>
      </p>
      <details className="group mt-1 ml-6">
        <summary className="inline-flex min-h-8 items-center gap-1 text-[13px] text-ink-faint hover:text-ink">
          <Icon name="chevron" className="size-3 transition-transform group-open:rotate-180" /> What proves it
        </summary>
        <div className="mt-1 space-y-2 text-[13px] text-ink-soft">
          <p>
            No set of trades through the pools that were read can leave more than {dollars.format(boundUsd)} at your
            weights. This plan leaves {dollars.format(valueUsd)}. The bound follows from one price for each asset, at
            which no pool has anything left to give:
          </p>
          <dl className="grid grid-cols-2 gap-x-4 gap-y-0.5 tabular-nums">
            {shadowPrices.map(({ assetId, usd }) => (
              <div key={assetId} className="flex justify-between gap-3">
                <dt className="text-ink-faint">{assetId}</dt>
                <dd>{prices.format(usd)}</dd>
              </div>
            ))}
          </dl>
        </div>
      </details>
    </div>
  )
}
