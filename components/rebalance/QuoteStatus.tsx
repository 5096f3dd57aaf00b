import { formatAge } from '@/components/format/formatAge'
import { Button } from '@/components/ui/Button'
import type { BlockRef } from '@/lib/core/snapshot'

type QuoteStatusProps = {
  /** The block that the plan was made at. */
  readonly plannedAt: Pick<BlockRef, 'number'> | undefined
  /** The newest block at which nothing of the plan had changed. */
  readonly checkedAt: Pick<BlockRef, 'number'>
  readonly ageSeconds: number
  /** How old prices are, where the chain has gone on without the block that was read. */
  readonly lateSeconds: number | undefined
  readonly isRefreshing: boolean
  readonly onRefresh: () => void
}

/** How old the quote is and at which block it stands, with a button that reads everything again. */
export function QuoteStatus({
  plannedAt,
  checkedAt,
  ageSeconds,
  lateSeconds,
  isRefreshing,
  onRefresh,
}: QuoteStatusProps) {
  const age = formatAge(ageSeconds)
  const isUnchanged = plannedAt !== undefined && plannedAt.number !== checkedAt.number
  return (
    <div className="flex items-center justify-between gap-x-3 text-ink-faint text-sm tabular-nums max-sm:w-full">
      <p>
        {plannedAt !== undefined && <>Quoted at block {plannedAt.number.toString()} · </>}
        {isUnchanged ? `unchanged at block ${checkedAt.number} · ` : ''}
        {lateSeconds === undefined ? (
          <>checked {age === 'now' ? 'just now' : `${age} ago`}</>
        ) : (
          <span className="text-warn">prices are {formatAge(lateSeconds)} old</span>
        )}
      </p>
      <Button variant="ghost" size="sm" icon="refresh" isBusy={isRefreshing} onClick={onRefresh}>
        Refresh
      </Button>
    </div>
  )
}
