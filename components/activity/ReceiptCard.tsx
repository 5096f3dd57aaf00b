import { useId, useState } from 'react'
import { Badge } from '@/components/ui/Badge'
import { Button } from '@/components/ui/Button'
import { CopyButton } from '@/components/ui/CopyButton'
import { cx } from '@/components/ui/cx'
import { Icon } from '@/components/ui/Icon'
import type { Receipt } from '@/lib/core/activity/receipt'
import type { Asset } from '@/lib/core/asset'
import type { Standing } from '@/lib/query/activityStandingQuery'
import { describeCost, describeLatency, describeStanding, describeTime, listAmounts } from './activityWords'
import { BeforeAfterStrips } from './BeforeAfterStrips'
import { ReceiptDetails } from './ReceiptDetails'
import { toBeforeAfterParts, toTradedRows } from './receiptRows'

type ReceiptCardProps = {
  readonly receipt: Receipt
  /** What the chain says of it; missing while it was not asked. */
  readonly standing: Standing | undefined
  readonly assets: readonly Asset[]
  readonly onUndo: () => void
}

/** One rebalance in short, with everything that is kept of it behind a button. */
export function ReceiptCard({ receipt, standing, assets, onUndo }: ReceiptCardProps) {
  const [isOpen, setIsOpen] = useState(false)
  const detailsId = useId()
  const headingId = useId()
  const { sold, bought } = toTradedRows(receipt)
  const words = describeStanding(standing)
  const time = describeTime(receipt)
  return (
    <li className="px-5 py-5 sm:px-6">
      <article aria-labelledby={headingId}>
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
          <div className="min-w-0 flex-1 basis-64">
            <h3 id={headingId} className="flex flex-wrap items-center gap-x-2 text-ink-faint text-sm">
              <time dateTime={time.iso}>{time.text}</time>
              <Badge tone={words.tone} title={words.meaning}>
                {words.text}
              </Badge>
            </h3>
            <p className="mt-1 font-medium tabular-nums">
              <span className="text-ink-soft">Sold</span> {listAmounts(sold)} <span className="text-ink-soft">for</span>{' '}
              {listAmounts(bought)}
            </p>
          </div>
          <p className="text-sm tabular-nums sm:text-right">
            <span className="text-ink-faint">Cost</span> <span className="font-semibold">{describeCost(receipt)}</span>
            <span className="block text-[13px] text-ink-faint">{describeLatency(receipt.latencyBlocks)}</span>
          </p>
        </div>
        {(standing?.status === 'missing' || standing?.status === 'reverted') && (
          <p className="mt-2 text-[13px] text-warn">{words.meaning}</p>
        )}
        <div className="mt-3">
          <BeforeAfterStrips parts={toBeforeAfterParts(receipt, assets)} />
        </div>
        <div className="mt-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <p className="flex min-w-0 items-center gap-1 text-[13px] text-ink-faint max-sm:w-full">
            <span className="shrink-0">Transaction</span>
            <span className="min-w-0 truncate font-mono text-[12.5px]" title={receipt.txHash}>
              {receipt.txHash}
            </span>
            <CopyButton text={receipt.txHash} label="Copy the transaction hash" />
          </p>
          <div className="flex flex-wrap gap-2 max-sm:w-full max-sm:[&>*]:flex-1">
            <Button size="sm" aria-expanded={isOpen} aria-controls={detailsId} onClick={() => setIsOpen(!isOpen)}>
              Details
              <Icon name="chevron" className={cx('transition-transform', isOpen && 'rotate-180')} />
            </Button>
            <Button size="sm" onClick={onUndo}>
              Undo this rebalance
            </Button>
          </div>
        </div>
        <div id={detailsId} hidden={!isOpen} className="mt-5 border-line border-t pt-5">
          {isOpen && <ReceiptDetails receipt={receipt} />}
        </div>
      </article>
    </li>
  )
}
