import { formatPercent } from '@/components/format/formatPercent'
import { TokenAmount } from '@/components/ui/TokenAmount'
import { TokenLogo } from '@/components/ui/TokenLogo'
import type { PurchaseView } from './planView'

const centiBpsPerBps = 100

/** What arrives of each bought asset at least, over all legs. */
export function PurchaseList({ purchases }: { purchases: readonly PurchaseView[] }) {
  return (
    <ul aria-label="You receive at least" className="divide-y divide-line border-line border-t">
      {purchases.map(({ assetId, minimum, quoted, marginCentiBps }) => (
        <li key={assetId} className="flex flex-wrap items-center gap-x-3 px-5 py-2.5 text-sm sm:px-6">
          <TokenLogo symbol={minimum.symbol} size="sm" />
          <TokenAmount {...minimum} className="font-semibold tabular-nums" />
          <span className="ml-auto text-right text-ink-faint tabular-nums">
            quoted <TokenAmount {...quoted} />
            <span className="max-sm:hidden"> · {formatPercent(Math.round(marginCentiBps / centiBpsPerBps))} below</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
